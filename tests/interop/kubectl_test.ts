/** The real kubectl, where there is one, with `execCredential` as its exec plugin, against a strict stand-in. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startCloudIssuer } from "../_support/cloud_issuer.ts";
import { throwawayCertificate } from "../_support/throwaway_certificate.ts";
import { fakeKubernetes } from "./fakes/kubernetes.ts";

const audience = "https://cluster.acme.test";

function runs(command: string): boolean {
  try {
    return new Deno.Command(command, { args: ["version", "--client"] }).outputSync().success;
  } catch {
    return false;
  }
}

const hasKubectl = runs("kubectl");
if (!hasKubectl) {
  console.log("kubectl is not installed: its test is left out; install it to enable it");
}

Deno.test({
  name: "kubectl gets its identity from execCredential",
  ignore: !hasKubectl,
  fn: async () => {
    await using issuer = await startCloudIssuer();
    await using certificate = await throwawayCertificate();
    const cluster = fakeKubernetes({
      issuer: issuer.url,
      audiences: [audience],
      usernamePrefix: "signet:",
    });
    await using server = Deno.serve(
      {
        port: 0,
        hostname: "127.0.0.1",
        onListen() {},
        cert: certificate.cert,
        key: certificate.key,
      },
      (request) => cluster.fetch(request),
    );
    const plugin = new URL("./kubectl_child.ts", import.meta.url).pathname;
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      clusters: [{
        name: "test",
        cluster: {
          server: `https://127.0.0.1:${server.addr.port}`,
          "certificate-authority": certificate.caPath,
          extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience } }],
        },
      }],
      contexts: [{ name: "test", context: { cluster: "test", user: "web" } }],
      users: [{
        name: "web",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: Deno.execPath(),
            args: ["run", "-A", "--no-check", plugin, await issuer.mint(audience)],
            interactiveMode: "Never",
            provideClusterInfo: true,
          },
        },
      }],
    };
    const path = `${certificate.caPath}.kubeconfig`;
    await Deno.writeTextFile(path, JSON.stringify(config));
    const { stdout, stderr } = await new Deno.Command("kubectl", {
      args: ["--kubeconfig", path, "auth", "whoami", "-o", "json"],
    }).output();
    const text = new TextDecoder();
    assertStringIncludes(
      text.decode(stdout),
      "signet:deployment:acme/web/production",
      text.decode(stderr),
    );
    assertEquals(cluster.log, []);
  },
});
