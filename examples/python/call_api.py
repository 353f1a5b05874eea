"""A Python program that calls an API as itself. It knows nothing of Signet: the agent beside it serves the request
protocol that GitHub Actions made common, so that no secret is in this program or its environment.

    signet agent -- python3 examples/python/call_api.py https://api.example.com
"""

import json
import os
import sys
import urllib.parse
import urllib.request


def identity_token(audience: str) -> str:
    """A token for the audience; the agent holds it and renews it in time, so ask for it at each call."""
    query = "&audience=" + urllib.parse.quote(audience, safe="")
    request = urllib.request.Request(
        os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + query,
        headers={"Authorization": "Bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["value"]


def main() -> None:
    api = sys.argv[1]
    headers = {"Authorization": "Bearer " + identity_token(api)}
    with urllib.request.urlopen(urllib.request.Request(api, headers=headers), timeout=10) as response:
        print(response.status, response.read().decode())


main()
