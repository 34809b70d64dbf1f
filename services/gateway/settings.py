"""What an operator may set for the gateway."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings


class GatewaySettings(Settings):
    """The gateway's own settings; each is an environment variable beginning with `GATEWAY_`."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0", validation_alias="REDIS_URL", description="Where Redis is."
    )
    redis_password: SecretStr = Field(
        default=SecretStr(""), validation_alias="REDIS_PASSWORD", description="Its password, where it asks for one."
    )
    tls: bool = Field(
        default=False,
        description="People reach the gateway over https. Cookies are then Secure and carry the __Host- prefix.",
    )
    public_url: str = Field(
        default="",
        description="The address people know the pages by, e.g. https://harbour.example.org. A live connection may "
        "come from there, as from the address in its own Host header.",
    )
    knowledge_file: str = Field(
        default="",
        description="Help lines and local authorities for the desk, checked with `harbour knowledge check`; empty for "
        "the file that ships, whose authorities are samples.",
    )
    status_file: str = Field(
        default="",
        description="A text file whose words stand on the public status page; read again every 15 seconds.",
    )
    contact_email: str = Field(
        default="", description="Where parents, professionals and members can write to; shown where it is set."
    )
    exit_url: str = Field(
        default="https://www.bbc.co.uk/weather",
        description="The neutral page that the Exit button leads to.",
    )
    member_idle_minutes: int = Field(
        default=240, ge=1, description="A young person is signed out after so long without a page or a message."
    )
    member_longest_hours: int = Field(
        default=24, ge=1, description="A young person signs in anew after so long, whatever they do."
    )
    staff_idle_minutes: int = Field(
        default=60, ge=1, description="A member of staff is signed out after so long without a page or a message."
    )
    staff_longest_hours: int = Field(
        default=10, ge=1, description="A member of staff signs in anew after so long, whatever they do."
    )
    draft_minutes: int = Field(default=30, ge=5, description="How long the answers of an unfinished sign-up are kept.")
    code_minutes: int = Field(default=10, ge=1, description="How long a sign-in code counts.")
    code_tries: int = Field(default=5, ge=1, description="How often a code may be typed before a new one is needed.")
    codes_per_address_hour: int = Field(
        default=5, ge=1, description="How many sign-in codes one address may ask for in an hour."
    )
    codes_per_ip_hour: int = Field(
        default=120, ge=1, description="How many sign-in codes one network may ask for in an hour; a school is one."
    )
    joins_per_ip_hour: int = Field(
        default=120, ge=1, description="How many sign-ups one network may send in an hour; a school is one."
    )
    staff_tries_per_quarter_hour: int = Field(
        default=8,
        ge=1,
        description="How often one staff account may be tried from one network in 15 minutes; its code, from all.",
    )
    staff_tries_per_account_quarter_hour: int = Field(
        default=100,
        ge=1,
        description="How often one staff account may be tried from all networks together in 15 minutes. High, so that "
        "nobody can easily keep a duty officer out; the authenticator stands behind the password.",
    )
    staff_tries_per_ip_quarter_hour: int = Field(
        default=60, ge=1, description="How often one network may try staff passwords in 15 minutes."
    )
    socket_burst_frames: int = Field(
        default=40, ge=1, description="How many frames one socket may send at once before it counts as a flood."
    )
    socket_frames_per_second: float = Field(
        default=8, gt=0, description="How many more it may send each second; faster than anybody types."
    )
    person_frames_per_minute: int = Field(
        default=240, ge=1, description="How many frames one person may send in a minute, on all their screens together."
    )
    sign_in_floor_ms: int = Field(
        default=400,
        ge=0,
        description="Asking for a code takes at least so long, so that the time taken tells nothing about an address.",
    )
