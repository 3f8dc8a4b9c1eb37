"""Asks a real cloud what people would otherwise paste; to its compute API only GET goes.

connection.py   the one place that knows openstacksdk and keystoneauth: a cloud of clouds.yaml, or the client's
compute_api.py  one GET, with limits, and errors as one line
cloud_release.py which release answers, by the cloud's newest microversion
servers.py      a server by name or id; all servers, page by page
surroundings.py what decides beside the server itself: its newest action, its migration, its host's service
action_ends.py  how an action ended, by the results of its events
watching.py     a server until its task ends
wording.py      the words of all this, in words.toml
"""
