import { assert, assertEquals } from "@std/assert";
import { setupAws, setupKubernetes } from "../../setup/mod.ts";
import { PEM, someInput } from "./_support/inputs.ts";

/** These tests call the vendors' own programs, which take seconds each. */
const wanted = Deno.env.get("SIGNET_TEST_VENDOR_CLIS") === "1";

function available(program: string): boolean {
  if (!wanted) return false;
  try {
    return new Deno.Command(program, { args: ["--help"], stdout: "null", stderr: "null" })
      .outputSync() !== undefined;
  } catch {
    return false;
  }
}

/** Say why a test does not run, once. */
function ignored(program: string): boolean {
  if (available(program)) return false;
  console.warn(`skipped: install ${program} and set SIGNET_TEST_VENDOR_CLIS=1 to run its test`);
  return true;
}

/** IAM and STS on loopback: remembers what was created and every form that was sent. */
function fakeIam(): {
  readonly forms: URLSearchParams[];
  readonly handle: (request: Request) => Promise<Response>;
} {
  const forms: URLSearchParams[] = [];
  const made = new Set<string>();
  const xml = (name: string, body: string, status = 200) =>
    new Response(`<${name}>${body}</${name}>`, { status, headers: { "content-type": "text/xml" } });
  const absent = () =>
    xml(
      "ErrorResponse",
      "<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message></Error>",
      404,
    );
  return {
    forms,
    async handle(request) {
      const form = new URLSearchParams(await request.text());
      forms.push(form);
      const action = form.get("Action") ?? "";
      if (action === "GetOpenIDConnectProvider" && !made.has("provider")) return absent();
      if (action === "GetRole" && !made.has("role")) return absent();
      if (action === "CreateOpenIDConnectProvider") made.add("provider");
      if (action === "CreateRole") made.add("role");
      const role =
        "<Role><Path>/</Path><RoleName>r</RoleName><RoleId>i</RoleId><Arn>arn:aws:iam::123456789012:role/r</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role>";
      const result = action === "GetCallerIdentity"
        ? "<Account>123456789012</Account>"
        : /Role$/.test(action)
        ? role
        : "";
      return xml(`${action}Response`, `<${action}Result>${result}</${action}Result>`);
    },
  };
}

Deno.test({
  name: "setupAws script runs with the AWS CLI itself, and the CLI sends what was planned",
  ignore: ignored("aws"),
  async fn() {
    const audience = "https://api.acme.test/a b";
    const subject = `it's "quoted" $HOME`;
    const plan = setupAws(someInput({ audience, subject }), {
      accountId: "123456789012",
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      thumbprint: "0123456789abcdef0123456789abcdef01234567",
    });
    const iam = fakeIam();
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, iam.handle);
    const env = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${server.addr.port}`,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_PAGER: "",
    };
    for (const round of [1, 2]) {
      const run = await new Deno.Command("bash", { args: ["-c", plan.cli], env, stdin: "null" })
        .output();
      assertEquals(run.code, 0, `${round}: ${new TextDecoder().decode(run.stderr)}`);
    }
    await server.shutdown();
    const sent = (action: string) => iam.forms.filter((form) => form.get("Action") === action);
    assertEquals(sent("CreateOpenIDConnectProvider").length, 1);
    assertEquals(sent("CreateOpenIDConnectProvider")[0]?.get("ClientIDList.member.1"), audience);
    assertEquals(sent("AddClientIDToOpenIDConnectProvider")[0]?.get("ClientID"), audience);
    assertEquals(sent("CreateRole").length, 1);
    const trust = sent("UpdateAssumeRolePolicy")[0]?.get("PolicyDocument");
    assertEquals(sent("CreateRole")[0]?.get("AssumeRolePolicyDocument"), trust);
    const conditions = JSON.parse(trust ?? "").Statement[0].Condition.StringEquals;
    assertEquals(conditions["id.acme.test/tenant:sub"], subject);
    assertEquals(sent("AttachRolePolicy").length, 2);
  },
});

Deno.test({
  name: "setupKubernetes kubeconfig is read back by kubectl",
  ignore: ignored("kubectl"),
  async fn() {
    const plan = setupKubernetes(someInput({ audience: "https://kubernetes.default.svc" }), {
      server: "https://k8s.acme.test:6443",
      clusterCa: PEM,
    });
    const file = await Deno.makeTempFile();
    const text = plan.artifacts.find((item) => item.name === "kubeconfig.yaml")?.contents ?? "";
    await Deno.writeTextFile(file, text);
    const run = await new Deno.Command("kubectl", {
      args: ["config", "view", "--kubeconfig", file, "--raw", "-o", "json"],
    }).output();
    await Deno.remove(file);
    assert(run.success, new TextDecoder().decode(run.stderr));
    const config = JSON.parse(new TextDecoder().decode(run.stdout));
    assertEquals(config.users[0].user.exec.args.slice(-2), [
      "--audience",
      "https://kubernetes.default.svc",
    ]);
    assertEquals(atob(config.clusters[0].cluster["certificate-authority-data"]), PEM);
    assertEquals(config["current-context"], "signet-web-production");
  },
});
