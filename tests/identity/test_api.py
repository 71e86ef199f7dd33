from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import SignIn
from tests.factories import make_person, make_region


async def test_an_administrator_creates_a_person_who_signs_in(client: AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    admin = await make_person(session, "administrator")
    region = await make_region(session, "华东")
    headers = await sign_in(admin)
    body = {"name": "张磊", "login": "zhanglei", "password": "a-good-password", "roles": ["sales_rep"], "region_id": str(region.id)}
    created = await client.post("/api/v1/people", json=body, headers=headers)
    assert created.status_code == 201, created.text
    assert created.json()["roles"] == ["sales_rep"]
    signed = await client.post("/api/v1/auth/sign-in", json={"login": "zhanglei", "password": "a-good-password"})
    assert signed.status_code == 200, signed.text
    assert signed.json()["me"]["scopes"] == ["own", "pool"]
    again = await client.post("/api/v1/auth/refresh")
    assert again.status_code == 200, again.text
    patched = await client.patch(
        f"/api/v1/people/{created.json()['id']}", json={"roles": ["regional_manager"]}, headers=headers | {"If-Match": '"v1"'}
    )
    assert patched.status_code == 200, patched.text
    assert patched.json()["version"] == 2
    areas = await client.put(f"/api/v1/regions/{region.id}/areas", json={"areas": [{"province": "江苏", "city": "苏州"}]}, headers=headers)
    assert areas.status_code == 200, areas.text
    gone = await client.post(f"/api/v1/people/{created.json()['id']}/deactivation", headers=headers)
    assert gone.status_code == 200, gone.text
    ended = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {signed.json()['access_token']}"})
    assert ended.status_code == 401
