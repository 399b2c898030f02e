"""The environment, read once into one frozen value; every mistake is one line.

`auth.dev_login` is `FAULTMAVEN_AUTH__DEV_LOGIN`; keys and addresses of model providers have no prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr


def _texts(given: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in given.split(",") if word.strip())


def _words(given: object) -> object:
    return _texts(given) if isinstance(given, str) else given


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("input should be an address that begins with http:// or https://")
    return text.rstrip("/")


Port = Annotated[int, Field(ge=1, le=65_535)]
Address = Annotated[str, AfterValidator(_address)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Seconds = Annotated[float, Field(gt=0, le=3_600, allow_inf_nan=False)]
Provider = Literal["anthropic", "openai", "gemini", "fireworks", "groq", "openrouter", "huggingface", "local"]
Queue = Literal["cases", "turns", "evidence", "knowledge"]


class Group(BaseModel):
    """One group of settings; frozen."""

    model_config = ConfigDict(frozen=True)


class Api(Group):
    """The HTTP server."""

    host: str = "127.0.0.1"
    port: Port = 8090
    allowed_origins: Words = ("http://localhost:3333", "http://localhost:5173")
    dashboard_url: Address = ""
    patience_s: float = Field(default=20.0, ge=0, le=60)
    """How long POST waits for an answer before 202 (contract 1)."""


class Temporal(Group):
    """The durable engine."""

    address: str = Field(default="127.0.0.1:7233", pattern=r"^[^:/\s]+:\d{1,5}$")
    namespace: str = Field(default="faultmaven", min_length=1)
    ui_port: Port = 8233


class DatabaseUrl(Group):
    """The SQL store: an empty URL is SQLite in the data folder."""

    url: SecretStr = SecretStr("")


class Objects(Group):
    """Where sealed bytes lie: a folder, or an S3 bucket when an endpoint is named."""

    folder: Path | None = None
    endpoint: str = Field(default="", pattern=r"^$|^[^:/\s]+(:\d{1,5})?$")
    bucket: str = Field(default="faultmaven", pattern=r"^[a-z0-9][a-z0-9.-]{2,62}$")
    access_key: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    tls: bool = True
    region: str = ""


class Models(Group):
    """Language models: who is asked first, and the bounds of one call (reliability 4)."""

    order: Annotated[tuple[Provider, ...], BeforeValidator(_words)] = get_args(Provider)
    anthropic_model: str = "claude-sonnet-4-5"
    openai_model: str = "gpt-5-mini"
    gemini_model: str = "gemini-2.5-flash"
    fireworks_model: str = "accounts/fireworks/models/gpt-oss-120b"
    groq_model: str = "openai/gpt-oss-120b"
    openrouter_model: str = "openai/gpt-5-mini"
    huggingface_model: str = "openai/gpt-oss-120b"
    local_model: str = "gpt-oss:20b"
    connect_s: Seconds = 3.0
    first_token_s: Seconds = 15.0
    gap_s: Seconds = 10.0
    whole_s: float = Field(default=90.0, gt=0, lt=100, allow_inf_nan=False)
    """Inside the 100 s that the step of a turn may take."""
    cache_hours: float = Field(default=24.0, ge=0, le=720, allow_inf_nan=False)
    """How long an answer may be given again to the very same words of the same team; 0 is never."""
    recorded: Path | None = None
    """A file of recorded answers, for demonstrations without a key."""


def _prices(given: object) -> object:
    """Take `model=in/out, model=in/out` apart."""
    if not isinstance(given, str):
        return given
    pairs = [entry.partition("=") for entry in _texts(given)]
    if any(not name or text.count("/") != 1 for name, _, text in pairs):
        raise ValueError("input should be model=in/out with the prices of a million tokens")
    return {name.strip(): tuple(text.split("/")) for name, _, text in pairs}


Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Prices = Annotated[Mapping[str, tuple[Money, Money]], BeforeValidator(_prices)]


class Budgets(Group):
    """What calls of models may cost (reliability 6); 0 is no limit. Days are those of UTC."""

    call_tokens: int = Field(default=100_000, ge=0)
    case_tokens: int = Field(default=3_000_000, ge=0)
    user_day_tokens: int = Field(default=5_000_000, ge=0)
    team_day_tokens: int = Field(default=50_000_000, ge=0)
    call_money: Money = 0.0
    turn_money: Money = 0.0
    case_money: Money = 0.0
    user_day_money: Money = 0.0
    team_day_money: Money = 0.0
    prices: Prices = Field(default_factory=dict)
    """Model → prices of a million tokens in and out; an unknown model counts as the dearest known."""


class Vision(Group):
    """A model that reads pictures besides OCR: none unless `send_pictures_to` names one, for a picture cannot be redacted."""

    send_pictures_to: Literal["nobody", "anthropic", "openai"] = "nobody"
    """Whose protocol the model speaks. Pixels of uploaded pictures leave for it as they are."""
    model: str = ""
    base_url: Address = ""
    """A server of one's own; empty for the address and key of that provider."""
    api_key: SecretStr = SecretStr("")
    """Of that server: the key of a provider is sent to its own address alone."""


class Web(Group):
    """A search of the web by a model's own words: none unless `send_words_to` names an engine."""

    send_words_to: Literal["nobody", "searxng", "brave"] = "nobody"
    """Whose protocol the engine speaks. Redacted words leave for it."""
    base_url: Address = ""
    """A server of one's own; SearXNG has no other."""
    api_key: SecretStr = SecretStr("")


class Mcp(Group):
    """Read-only tools of MCP servers: none unless a file names them."""

    servers: Path | None = None
    """JSON file of servers and the tools of each (`mcp_servers.py`)."""
    whole_s: float = Field(default=10.0, gt=0, le=12, allow_inf_nan=False)
    """One question, with the start of a command: two of them fit into the step that asks."""


class Auth(Group):
    """Sign-in (privacy 12)."""

    dev_login: bool = False
    registration: bool = True
    issuer: str = "faultmaven"
    audience: str = "faultmaven"
    access_minutes: int = Field(default=60, ge=1, le=60)
    refresh_days: int = Field(default=7, ge=1, le=30)
    key_file: Path | None = None
    """PEM file of the Ed25519 key that signs tokens; empty for one in the data folder. Replicas share it."""


class Limits(Group):
    """Rates per user and minute (contract 1)."""

    reads_per_minute: int = Field(default=600, ge=1)
    writes_per_minute: int = Field(default=60, ge=1)
    turns_per_minute: int = Field(default=20, ge=1)
    titles_per_minute: int = Field(default=6, ge=1)


class Worker(Group):
    """The worker process."""

    metrics_port: int = Field(default=0, ge=0, le=65_535)
    """0 serves no metrics."""
    queues: Annotated[tuple[Queue, ...], BeforeValidator(_words)] = ("cases", "turns", "evidence", "knowledge")
    slots: int = Field(default=20, ge=1, le=1_000)
    """Activities at once per queue."""
    processes: int = Field(default=2, ge=1, le=64)
    """Processes that analyse evidence."""


class Log(Group):
    """Events of the process."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["auto", "console", "json"] = "auto"
    """`auto` is console on a terminal, else JSON."""


class Privacy(Group):
    """What happens to text before it leaves."""

    redaction: bool = True
    preset: Literal["balanced", "strict"] = "balanced"
    """Balanced keeps paths, ids, system accounts and names inside a cluster, which root-cause work needs."""
    names: Words = ()
    """Further words to hide, such as names of customers."""


class Providers(Group):
    """Keys and addresses of model providers, under the names their own tools use."""

    anthropic_api_key: SecretStr = SecretStr("")
    anthropic_base_url: Address = ""
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: Address = ""
    gemini_api_key: SecretStr = SecretStr("")
    gemini_base_url: Address = ""
    fireworks_api_key: SecretStr = SecretStr("")
    fireworks_base_url: Address = ""
    groq_api_key: SecretStr = SecretStr("")
    groq_base_url: Address = ""
    openrouter_api_key: SecretStr = SecretStr("")
    openrouter_base_url: Address = ""
    hf_token: SecretStr = SecretStr("")
    huggingface_base_url: Address = ""
    local_api_key: SecretStr = SecretStr("")
    local_base_url: Address = ""


class Settings(Group):
    """Everything a process is told from outside; `read_settings` makes one."""

    profile: Literal["core", "team", "enterprise"] = "core"
    data: Path = Path("~/.local/share/faultmaven")
    """Database, objects, keys and Temporal's file of the core profile."""
    token: SecretStr = SecretStr("")
    """Access token of the command line, instead of its credential file."""
    url: Address = ""
    """Address of the server that the command line talks to, instead of that of its credential file."""
    api: Api = Api()
    temporal: Temporal = Temporal()
    database: DatabaseUrl = DatabaseUrl()
    objects: Objects = Objects()
    models: Models = Models()
    budgets: Budgets = Budgets()
    vision: Vision = Vision()
    web: Web = Web()
    mcp: Mcp = Mcp()
    auth: Auth = Auth()
    limits: Limits = Limits()
    worker: Worker = Worker()
    log: Log = Log()
    privacy: Privacy = Privacy()
    providers: Providers = Providers()

    @property
    def folder(self) -> Path:
        """The data folder, with the home folder written out."""
        return self.data.expanduser()

    @property
    def database_url(self) -> str:
        """The SQL store's URL; it may hold a password."""
        return self.database.url.get_secret_value() or f"sqlite+aiosqlite:///{self.folder / 'faultmaven.db'}"

    @property
    def objects_folder(self) -> Path:
        """Where sealed bytes lie when no S3 endpoint is named."""
        return (self.objects.folder or self.folder / "objects").expanduser()
