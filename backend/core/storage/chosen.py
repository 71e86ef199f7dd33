"""The store of this installation, as the settings say."""

from backend.core.config import Settings, get_settings
from backend.core.storage.base import Store
from backend.core.storage.disk import DiskStore
from backend.core.storage.s3 import BucketStore


def get_store() -> Store:
    return store_of(get_settings())


_stores: dict[str, Store] = {}


def store_of(settings: Settings) -> Store:
    """A bucket where one is named, else the data directory."""
    key = repr((settings.s3_bucket, settings.s3_endpoint, settings.s3_access_key, str(settings.data_dir)))
    if key not in _stores:
        _stores[key] = BucketStore(settings) if settings.s3_bucket else DiskStore(settings.data_dir.resolve() / "files")
    return _stores[key]
