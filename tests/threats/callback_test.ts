/** Callback mode was never built: these tests hold that no trace of it answers. */
import { assert, assertEquals } from "@std/assert";
import { startIssuer } from "../_support/start_issuer.ts";

Deno.test("threats 41, 42: there is no callback mode: no route, no grant and no metadata of it", async () => {
  await using started = startIssuer({
    fetch: () => Promise.reject(new Error("the issuer called out")),
  });
  const requestToken = await started.register();
  const routes = ["callback", "challenge", "verify", "http-challenge", "authorize", "register"];
  for (const path of routes.flatMap((name) => [`/${name}`, `/token/${name}`, `/admin/${name}`])) {
    for (const method of ["GET", "POST"]) {
      const body = method === "POST" ? "callback_url=https%3A%2F%2Fweb.test%2F" : undefined;
      const { status } = path.startsWith("/admin/")
        ? await started.admin(method, path.slice(7))
        : await started.get(path, { method, body });
      assertEquals(status, 404, `${method} ${path}`);
    }
  }
  const discovery = await (await started.get("/.well-known/openid-configuration")).json();
  assert(!/callback|challenge_endpoint|redirect/.test(JSON.stringify(discovery)));
  assertEquals(discovery.grant_types_supported.toSorted(), [
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
  ]);
  const web = { id: "api", org: "acme", app: "api", context: "production" };
  const callback = { ...web, callback: "https://web.test/.well-known/signet" };
  assertEquals((await started.admin("POST", "workloads", callback)).status, 400);
  const asked = await started.token(requestToken, {
    audience: "a",
    callback_url: "https://x.test",
  });
  assertEquals(asked.status, 200, "an unknown parameter is ignored, and nothing is called");
});
