"""Counts what a running Nova asked of another thread and that is not done; part of nova_server.py."""

import functools
import threading
from collections.abc import Callable
from typing import Any

import futurist._futures
from oslo_messaging.rpc import client as rpc_client
from oslo_messaging.rpc import dispatcher as rpc_dispatcher


class Bustle:
    """How much is under way."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way = 0

    def add(self, number: int) -> None:
        with self.lock:
            self.under_way += number

    def count(self) -> None:
        """Count from now on what is cast over the message bus and what is given to a pool of threads."""
        self._count_casts()
        self._count_futures()

    def _count_casts(self) -> None:
        cast, dispatch = rpc_client._BaseCallContext.cast, rpc_dispatcher.RPCDispatcher.dispatch  # noqa: SLF001

        @functools.wraps(cast)
        def counted_cast(context: Any, ctxt: Any, method: str, **kwargs: Any) -> Any:
            if not context.target.fanout:
                self.add(1)
                kwargs["nova_states_cast"] = True
            return cast(context, ctxt, method, **kwargs)

        @functools.wraps(dispatch)
        def counted_dispatch(dispatcher: Any, incoming: Any) -> Any:
            is_counted = incoming.message.get("args", {}).pop("nova_states_cast", False)
            try:
                return dispatch(dispatcher, incoming)
            finally:
                if is_counted:
                    self.add(-1)

        rpc_client._BaseCallContext.cast = counted_cast  # noqa: SLF001
        rpc_dispatcher.RPCDispatcher.dispatch = counted_dispatch

    def _count_futures(self) -> None:
        submit = futurist._futures._Gatherer.submit  # noqa: SLF001

        @functools.wraps(submit)
        def counted(gatherer: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            self.add(1)
            try:
                future = submit(gatherer, function, *args, **kwargs)
            except BaseException:
                self.add(-1)
                raise
            future.add_done_callback(lambda _: self.add(-1))
            return future

        futurist._futures._Gatherer.submit = counted  # noqa: SLF001
