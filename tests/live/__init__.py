"""A Nova that runs, answering the client that people paste from: what the reader and the facts say is held to it.

environments.py  virtual environments, made once from pinned wheels
nova_server.py   run by the environment of a Nova: its services and a fake hypervisor in one process
openstack_shell.py  run by the environment of the client: many commands of `openstack` in one process
processes.py     starts both, asks them, ends them
scenes.yml       how a server gets into each situation · scenes.py brings it there
looks.py         what people paste of it · judging.py holds what was told of that to Nova's database
guards.py        asks for actions in drawn states · requests.yml has the requests
observe.py       all of this by one command, for later: `python -m tests.live.observe --help`
"""
