/** What proves the agent itself: the program gets tokens, not the means to make them. */
const WITHHELD = [
  ...["SIGNET_REQUEST_TOKEN", "SIGNET_PRIVATE_KEY", "SIGNET_ADMIN_TOKEN"],
  // Beside the endpoint they would send Signet's own client past it, to the issuer.
  ...["SIGNET_ISSUER", "SIGNET_SOURCE"],
];

/** The environment of a program under the agent: the agent's own, less its secrets, and the variables. */
export function programEnvironment(
  own: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(own).filter(([name]) => !WITHHELD.includes(name));
  const merged = { ...Object.fromEntries(kept), ...variables };
  return { ...merged, ...withoutProxy(merged) };
}

/** A proxy must not come between the program and this machine's own endpoint. */
function withoutProxy(env: Readonly<Record<string, string>>): Record<string, string> {
  const added: Record<string, string> = {};
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const proxied = ["HTTP_PROXY", "ALL_PROXY"].some((other) =>
      env[name === "NO_PROXY" ? other : other.toLowerCase()]
    );
    const hosts = (env[name] ?? "").split(",").map((host) => host.trim()).filter(Boolean);
    if (proxied && !hosts.includes("*")) {
      added[name] = [...new Set([...hosts, "127.0.0.1", "::1"])].join(",");
    }
  }
  return added;
}
