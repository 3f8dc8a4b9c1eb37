"""The one place that knows openstacksdk: from the name of a cloud, or the client's own settings, to its compute API.

No text of an exception is shown that may quote settings: of what the libraries raise, the kind is told and what to do.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from nova_states import __version__
from nova_states.cloud.compute_api import Compute, Microversion
from nova_states.cloud.wording import shown
from nova_states.errors import InputError

_SERVICE: Final = "compute"
_SILENCE: Final = 60
"""Seconds after which Keystone, too, is given up, where the settings of the cloud name none."""
_INSTALL: Final = (
    "asking a cloud needs openstacksdk, which is not installed: `pip install 'nova-states[cloud]'`, or with pipx "
    "`pipx inject nova-states openstacksdk`"
)
_MOST_NAMES: Final = 8
_OPTION: Final = re.compile(r"[a-z][a-z_]{1,40}")
_REQUIRED: Final = re.compile(r"([a-z][a-z_]{1,40}) is a required attribute")
"""What plugins of keystoneauth say, with no class of its own."""
_SILENT: Final = "the answer broke off: nothing came for a minute; ask again later"
_BROKEN_OFF: Final = "the answer broke off; ask again later"
_BY_NAME: Final = {
    "ConfigException": "its entry in clouds.yaml cannot be used; check its auth and region",
    **dict.fromkeys(("ReadTimeout", "ReadTimeoutError", "Timeout"), _SILENT),
    **dict.fromkeys(("ChunkedEncodingError", "ContentDecodingError", "ConnectionError", "ProtocolError"), _BROKEN_OFF),
}
"""What the libraries below raise, by the name of the class."""
_PAIR: Final = 2
_MADE_UP: Final = "defaults"
"""The cloud of openstacksdk where no file and no variable names any."""
_NOWHERE: Final = logging.NullHandler()
_TALKERS: Final = ("keystoneauth", "openstack", "urllib3")
"""Loggers that would write to standard error beside the one line of an error, where nobody has set logging up."""


def open_cloud(name: str) -> Compute:
    """The compute API of a cloud that clouds.yaml or the environment names.

    Raises:
        InputError: there is none of that name, it cannot be logged in to, or its API cannot be used.
    """
    try:
        from openstack import config as settings  # noqa: PLC0415 - an extra, and it takes longer than an answer
        from openstack import exceptions  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InputError(_INSTALL if _is_absent(error) else f"openstacksdk cannot be loaded: {shown(error)}") from None
    for talker in _TALKERS:
        logging.getLogger(talker).addHandler(_NOWHERE)
    with _skipped_files() as skipped:
        try:
            clouds = settings.OpenStackConfig(app_name="nova-states", app_version=__version__)
        except Exception as error:  # noqa: BLE001 - a parser's error may quote the file, passwords and all
            raise InputError(f"clouds.yaml cannot be read: {_place(error)}; mend it") from None
    try:
        region = clouds.get_one(cloud=name)
    except exceptions.ConfigException:
        for file, wrong in skipped:
            raise InputError(f"{shown(file)}: cannot be read: {wrong}; mend it") from None
        raise InputError(f"cloud {shown(name)}: {_unknown(name, _names_of(clouds))}") from None
    except Exception as error:  # noqa: BLE001 - as above
        raise InputError(f"cloud {shown(name)}: {_told(error)}") from None
    return compute_of(region, f"cloud {shown(name)}")


def compute_of(region: Any, name: str) -> Compute:  # noqa: ANN401 - a CloudRegion of openstacksdk
    """The compute API of a `openstack.config.cloud_region.CloudRegion`; one that is logged in stays so.

    Args:
        region: The settings.
        name: What errors call the cloud.

    Raises:
        InputError: it cannot be logged in to, or its API cannot be used.
    """
    from keystoneauth1.adapter import Adapter  # noqa: PLC0415 - as above

    try:
        session = region.get_session()
        session.timeout = session.timeout or _SILENCE
        # A plain adapter: the SDK's own would keep answers and send statistics where clouds.yaml says so.
        adapter = Adapter(
            session=session,
            service_type=region.get_service_type(_SERVICE),
            service_name=region.get_service_name(_SERVICE),
            interface=region.get_interface(_SERVICE),
            region_name=region.get_region_name(_SERVICE),
            endpoint_override=region.get_endpoint(_SERVICE),
            client_name="nova-states",
            client_version=__version__,
        )
        endpoint = adapter.get_endpoint_data()
    except Exception as error:  # noqa: BLE001 - plugins of keystoneauth raise what they like
        raise InputError(f"{name}: {_told(error)}") from None
    if endpoint is None:
        raise InputError(f"{name}: its catalog has no compute API for this region and interface; see clouds.yaml")
    newest = _pair(endpoint.max_microversion)
    if newest is None:
        raise InputError(
            f"{name}: its compute API tells no microversion, so it is older than Mitaka, or something else answers at "
            "that address; paste the output of `openstack server show` into `nova-states explain` instead"
        )
    send = functools.partial(adapter.get, raise_exc=False, redirect=False, headers={"Accept": "application/json"})
    return Compute(send=send, newest=newest, explain_failure=_told)


def _is_absent(error: ImportError) -> bool:
    return error.name is not None and error.name.split(".")[0] in ("openstack", "keystoneauth1")


def _pair(microversion: object) -> Microversion | None:
    if not isinstance(microversion, tuple) or len(microversion) != _PAIR:
        return None
    major, minor = microversion
    return (major, minor) if isinstance(major, int) and isinstance(minor, int) else None


def _names_of(clouds: Any) -> list[str]:  # noqa: ANN401 - an OpenStackConfig
    """The clouds that somebody wrote down: without any, openstacksdk makes one up."""
    return [name for name in clouds.get_cloud_names() if clouds.config_filename or name != _MADE_UP]


def _unknown(name: str, names: list[str]) -> str:
    known = [shown(one, 40) for one in sorted(names) if one != name][:_MOST_NAMES]
    if name in names:
        return "its entry in clouds.yaml cannot be used; check its auth and region"
    if known:
        return f"not in clouds.yaml; there are {', '.join(known)}"
    return (
        "no cloud is known: there is no clouds.yaml here, in ~/.config/openstack or where OS_CLIENT_CONFIG_FILE says; "
        "write one, or source an openrc and name the cloud envvars"
    )


def _place(error: Exception) -> str:
    """Where a YAML file is wrong, without what stands there."""
    mark = getattr(error, "problem_mark", None)
    line = getattr(mark, "line", None)
    return f"line {line + 1} is no YAML" if isinstance(line, int) else type(error).__name__


class _Skipped(logging.Handler):
    """Notes files that the SDK leaves out because they are broken, which it only logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.files: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        match record.args:
            case (str(file), Exception() as error):
                self.files.append((file, _place(error)))


@contextmanager
def _skipped_files() -> Iterator[list[tuple[str, str]]]:
    """File and what is wrong with it, for each that was left out; the SDK's own words may quote it."""
    logger, handler = logging.getLogger("openstack.config"), _Skipped()
    was_handed_on, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield handler.files
    finally:
        logger.removeHandler(handler)
        logger.propagate = was_handed_on


def _told(error: Exception) -> str:
    """What a library raised, by its kind; of its text only names of options are repeated."""
    from keystoneauth1 import exceptions as kinds  # noqa: PLC0415 - as above

    kind = type(error).__name__
    if isinstance(error, kinds.MissingRequiredOptions):
        return f"credentials are missing in clouds.yaml: {', '.join(_options(error))}"
    if found := _REQUIRED.fullmatch(str(error)):
        return f"credentials are missing in clouds.yaml: {found[1]}"
    if isinstance(error, kinds.DiscoveryFailure) and isinstance(error.__context__, kinds.ConnectionError):
        # What could not be reached could not be asked for its versions.
        return _told(error.__context__)
    for classes, text in (
        ((kinds.MissingAuthPlugin, kinds.AuthorizationFailure), "there are no credentials; add `auth` to clouds.yaml"),
        ((kinds.AuthPluginException,), "its `auth` in clouds.yaml cannot be used; check auth_type and its options"),
        ((kinds.Unauthorized,), "Keystone refused the credentials, or the token has expired; log in again"),
        ((kinds.Forbidden,), "Keystone allows this user no token for that project; check the project"),
        ((kinds.NotFound,), "Keystone does not know the token or the address; log in again, and check auth_url"),
        ((kinds.CatalogException,), "its catalog has no compute API for this region and interface; see clouds.yaml"),
        ((kinds.SSLError,), "its certificate is not trusted; name the authority's as `cacert` in clouds.yaml"),
        ((kinds.ConnectTimeout,), "did not answer in time; ask again later"),
        ((kinds.ConnectionError,), "cannot be reached; check the address and the network"),
        ((kinds.DiscoveryFailure,), "what answers is no API of OpenStack, perhaps a proxy; check auth_url"),
        ((kinds.HttpServerError,), "failed to answer; ask again later"),
    ):
        if isinstance(error, classes):
            return f"{text} ({kind})"
    return f"{_BY_NAME.get(kind, 'cannot be asked; check its entry in clouds.yaml')} ({kind})"


def _options(error: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    yield from (name for option in error.options if _OPTION.fullmatch(name := str(option.dest)))
