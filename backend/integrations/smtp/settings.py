"""The mail server that the installation names."""

from backend.core.config import Settings
from backend.integrations.answers import Outcome
from backend.integrations.mailserver import Security
from backend.integrations.smtp.client import PORTS, MailClient, Server


def mail_server(settings: Settings) -> Server | None:
    """None where the company has named none: nobody gets e-mail."""
    if not settings.smtp_host:
        return None
    security = Security(settings.smtp_security)
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port or PORTS[security],
        security=security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        ca_file=settings.smtp_ca_file,
        timeout_seconds=settings.smtp_timeout_seconds,
    )


async def examine_mail(settings: Settings) -> tuple[bool, str]:
    """Signs in at the mail server and sends nothing: whether it is well, and what was seen or what to do."""
    server = mail_server(settings)
    if server is None:
        return True, "no mail server, so nobody gets e-mail (CHENGDAN_SMTP_HOST)"
    where, answer = f"mail server at {server.host}:{server.port}", await MailClient(server).check()
    if answer.outcome is Outcome.OK:
        return True, f"{where} lets us in"
    code = f"{answer.code} " if answer.code else ""
    return False, f"{where}: {code}{answer.message}; check CHENGDAN_SMTP_HOST and what belongs to it"
