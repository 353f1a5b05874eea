import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  AwsCredentialError,
  awsCredentials,
  type AwsCredentialsOptions,
} from "../../../client/aws.ts";
import {
  type CloudIssuer,
  type Mutation,
  signingKey,
  startCloudIssuer,
} from "../../_support/cloud_issuer.ts";
import { eventually } from "../../_support/eventually.ts";
import { type FakeAws, fakeAws, StsFault } from "../../interop/fakes/aws.ts";
import type { Role } from "../../interop/fakes/aws/world.ts";

const roleArn = "arn:aws:iam::123456789012:role/web";
const sub = "deployment:acme/web/production";
const aud = "sts.amazonaws.com";

interface Scene {
  issuer: CloudIssuer;
  aws: FakeAws;
  clock: { now: number };
  pauses: number[];
  credentials(options?: AwsCredentialsOptions): ReturnType<typeof awsCredentials>;
}

async function inScene(
  use: (scene: Scene) => Promise<void>,
  options: {
    alg?: string;
    roles?: Role[];
    disabledRegions?: string[];
    web?: Partial<Role["web"]>;
  } = {},
): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ alg: options.alg, now });
  const web = { issuer: issuer.url, aud, sub, ...options.web };
  const aws = fakeAws({
    providers: [{ account: "123456789012", issuer: issuer.url, clientIds: [aud] }],
    roles: [{ arn: roleArn, web, maxSessionDuration: 43_200 }, ...options.roles ?? []],
    disabledRegions: options.disabledRegions,
    now,
  });
  const pauses: number[] = [];
  const base: AwsCredentialsOptions = {
    roleArn,
    getIdToken: issuer.getIdToken,
    fetch: aws.fetch,
    now,
    env: () => undefined,
    random: () => 0.5,
    sleep: (ms) => {
      pauses.push(ms);
      clock.now += ms;
      return Promise.resolve();
    },
  };
  const credentials = (more?: AwsCredentialsOptions) =>
    awsCredentials({ ...base, region: "eu-central-1", ...more });
  await use({ issuer, aws, clock, pauses, credentials });
}

const rejected = async (work: () => Promise<unknown>): Promise<AwsCredentialError> =>
  await assertRejects(work, AwsCredentialError) as AwsCredentialError;

const posts = (aws: FakeAws) => aws.log.filter((line) => line.startsWith("POST"));

Deno.test("awsCredentials gives a session of the role, named after the workload", () =>
  inScene(async ({ aws, clock, credentials }) => {
    const identity = await credentials()();
    const session = aws.world.sessions.get(identity.accessKeyId)!;
    assertEquals(identity.sessionToken, session.sessionToken, "with its & decoded");
    assertEquals(identity.secretAccessKey, session.secretAccessKey);
    assertEquals(identity.accountId, "123456789012");
    assert(Math.abs(identity.expiration!.getTime() - clock.now - 3_600_000) <= 1_000);
    assertEquals(session.sessionName, "deployment-acme-web-production");
    assertEquals(aws.log, ["POST sts.eu-central-1.amazonaws.com AssumeRoleWithWebIdentity"]);
  }));

Deno.test("awsCredentials asks once for many callers and gives each a copy", () =>
  inScene(async ({ aws, issuer, credentials }) => {
    const provider = credentials();
    await provider.prefetch();
    const [one, two] = await Promise.all([provider(), provider()]);
    assertEquals(one, two);
    assert(one !== two);
    assertEquals([aws.log.length, issuer.minted.length], [1, 1]);
  }));

Deno.test("awsCredentials refreshes five minutes before the end of an hour's session", () =>
  inScene(async ({ aws, clock, credentials }) => {
    const provider = credentials();
    const first = await provider();
    clock.now += 54 * 60_000;
    assertEquals((await provider()).accessKeyId, first.accessKeyId);
    assertEquals(aws.log.length, 1);
    clock.now += 5 * 60_000 + 30_000;
    assert((await provider()).accessKeyId !== first.accessKeyId);
  }));

Deno.test("awsCredentials binds the token to the one role by default, and not when told so", () =>
  inScene(async ({ issuer, credentials }) => {
    await credentials()();
    await credentials({ bindRole: false })();
    assertEquals(issuer.minted.map(({ wishes }) => wishes?.roles), [[roleArn], undefined]);
  }, { web: { boundByIdp: false } }));

Deno.test("awsCredentials opens a role whose trust policy demands a bound token", () =>
  inScene(async ({ credentials }) => {
    await credentials()();
    const error = await rejected(credentials({ bindRole: false }));
    assertEquals([error.code, error.vendorCode], ["access_denied", "AccessDenied"]);
  }, { web: { boundByIdp: true } }));

Deno.test("awsCredentials goes on without binding where the token source cannot bind, asking once", () =>
  inScene(async ({ issuer, clock, credentials }) => {
    let refused = 0;
    const provider = credentials({
      getIdToken: (audience, wishes) => {
        if (!wishes?.roles) return issuer.mint(audience);
        refused++;
        throw Object.assign(new Error("cannot"), { code: "unsupported_option" });
      },
    });
    await provider();
    clock.now += 3_600_000;
    await provider();
    assertEquals(refused, 1);
  }));

Deno.test("awsCredentials with bindRole true refuses a token that is not bound", () =>
  inScene(async ({ aws, issuer, credentials }) => {
    const getIdToken = (audience: string) => issuer.mint(audience);
    const error = await rejected(credentials({ bindRole: true, getIdToken }));
    assertEquals(error.code, "not_configured");
    assertStringIncludes(error.message, "without bindRole");
    assertEquals(aws.log, []);
  }));

Deno.test("awsCredentials passes session tags and source identity on where the trust policy allows", () =>
  inScene(async ({ aws, credentials }) => {
    const options = { sessionTags: ["app", "context"], sourceIdentity: "workload" };
    const identity = await credentials(options)();
    const session = aws.world.sessions.get(identity.accessKeyId)!;
    assertEquals(session.tags, { app: "value of app", context: "value of context" });
    assertEquals(session.sourceIdentity, "acme-web");
  }, { web: { tagSession: true, setSourceIdentity: true } }));

Deno.test("awsCredentials takes the roles of a chain with signed requests", () => {
  const second = "arn:aws:iam::210987654321:role/data";
  const third = "arn:aws:iam::210987654321:role/audit";
  const roles = [
    { arn: second, trusts: { roleArn, externalId: "x-1" } },
    { arn: third, trusts: { roleArn: second } },
  ];
  return inScene(async ({ aws, credentials }) => {
    const chain = [
      { roleArn: second, externalId: "x-1", tags: { team: "a & b" } },
      { roleArn: third, roleSessionName: "auditor", durationSeconds: 900 },
    ];
    const identity = await credentials({ chain })();
    const session = aws.world.sessions.get(identity.accessKeyId)!;
    assertEquals([session.roleArn, session.sessionName], [third, "auditor"]);
    assertEquals(identity.accountId, "210987654321");
    assertEquals([...aws.world.sessions.values()][1]!.tags, { team: "a & b" });
    const error = await rejected(credentials({ chain: [{ roleArn: second }] }));
    assertEquals(error.code, "access_denied");
    assertStringIncludes(error.message, `chained role ${second}`);
  }, { roles });
});

Deno.test("awsCredentials signs a chain for the named region at an endpoint of its own", () => {
  const second = "arn:aws:iam::123456789012:role/data";
  const signedFor = async (
    { credentials, aws }: Scene,
    vars: Record<string, string>,
  ): Promise<string | undefined> => {
    let scope: string | undefined;
    await credentials({
      region: undefined,
      endpoint: "https://sts.eu-central-1.amazonaws.com",
      chain: [{ roleArn: second }],
      env: (name) => vars[name],
      fetch: (input, init) => {
        scope = new Headers(init?.headers).get("authorization")?.split("/")[2] ?? scope;
        return aws.fetch(input, init);
      },
    })().catch(() => {});
    return scope;
  };
  return inScene(async (scene) => {
    assertEquals(await signedFor(scene, { AWS_REGION: "eu-central-1" }), "eu-central-1");
    assertEquals(await signedFor(scene, { DENO_REGION: "europe-west2" }), "us-east-1");
  }, { roles: [{ arn: second, trusts: { roleArn } }] });
});

Deno.test("awsCredentials signs by AWS's clock when ours is wrong", () => {
  const second = "arn:aws:iam::123456789012:role/data";
  return inScene(async ({ aws, clock, credentials }) => {
    const behind = 20 * 60_000;
    const date = () => new Date(clock.now).toUTCString();
    const identity = await credentials({
      now: () => clock.now - behind,
      chain: [{ roleArn: second }],
      fetch: async (input, init) => {
        const response = await aws.fetch(input, init);
        const headers = new Headers(response.headers);
        headers.set("date", date());
        return new Response(response.body, { status: response.status, headers });
      },
    })();
    const end = identity.expiration!.getTime();
    assert(Math.abs(end - (clock.now - behind + 3_600_000)) < 2_000, "by our clock");
  }, { roles: [{ arn: second, trusts: { roleArn } }] });
});

Deno.test("awsCredentials asks another region when STS is off in the first, and stays there", () =>
  inScene(async ({ aws, clock, credentials }) => {
    const provider = credentials({ region: "me-south-1" });
    await provider();
    clock.now += 3_600_000;
    await provider();
    assertEquals(posts(aws).map((line) => line.split(".")[1]), [
      "me-south-1",
      "us-east-1",
      "us-east-1",
    ]);
  }, { disabledRegions: ["me-south-1"] }));

Deno.test("awsCredentials tells when STS is off in every region it tried", () =>
  inScene(async ({ credentials }) => {
    const error = await rejected(credentials());
    assertEquals([error.code, error.status], ["region_disabled", 403]);
  }, { disabledRegions: ["eu-central-1", "us-east-1", "us-west-2"] }));

Deno.test("awsCredentials retries only what AWS calls retryable", () =>
  inScene(async ({ aws, pauses, credentials }) => {
    for (
      const fault of [
        new StsFault("IDPCommunicationError", "Please retry", 400),
        new StsFault("Throttling", "Rate exceeded", 400),
        new StsFault("InternalFailure", "oops", 500),
        new Response("bad gateway", { status: 502 }),
      ]
    ) {
      aws.faults.push(fault);
      await credentials()();
    }
    assertEquals([posts(aws).length, pauses.length], [8, 4]);
    for (const code of ["MalformedPolicyDocument", "PackedPolicyTooLarge", "IDPRejectedClaim"]) {
      aws.faults.push(new StsFault(code, "no", 400));
      assertEquals((await rejected(credentials())).vendorCode, code);
    }
    assertEquals(posts(aws).length, 11);
  }));

Deno.test("awsCredentials mints a fresh token once when AWS holds it for expired", () =>
  inScene(async ({ aws, issuer, credentials }) => {
    aws.faults.push(new StsFault("ExpiredTokenException", "Token expired: current date/time 2"));
    await credentials()();
    assertEquals(issuer.minted.map(({ wishes }) => wishes?.forceRefresh), [undefined, true]);
  }));

Deno.test("awsCredentials waits for a new role only when told to", () =>
  inScene(async ({ aws, pauses, credentials }) => {
    const denied = () => new StsFault("AccessDenied", "Not authorized to perform sts:Assume…", 403);
    aws.faults.push(denied());
    assertEquals((await rejected(credentials())).code, "access_denied");
    aws.faults.push(denied(), denied());
    await credentials({ spreadingMs: 15_000 })();
    assertEquals(pauses, [3_500, 3_500]);
  }));

Deno.test("awsCredentials goes on with the old session while STS is down", () =>
  inScene(async ({ aws, clock, credentials }) => {
    const provider = credentials({ attempts: 1 });
    const first = await provider();
    aws.faults.push(
      ...Array.from({ length: 9 }, () => new StsFault("InternalFailure", "down", 500)),
    );
    clock.now += 56 * 60_000;
    assertEquals((await provider()).accessKeyId, first.accessKeyId);
    clock.now += 3.5 * 60_000;
    assertEquals((await provider()).accessKeyId, first.accessKeyId);
    clock.now += 60_000;
    assertEquals((await rejected(provider)).code, "unavailable");
  }));

Deno.test("awsCredentials measures regions while the token is being minted, once, and then takes one round trip", () =>
  inScene(async ({ aws, issuer, clock, credentials }) => {
    let probesBeforeToken = 0;
    const provider = credentials({
      region: undefined,
      getIdToken: async (audience, wishes) => {
        await eventually(() => aws.log.length >= 5);
        probesBeforeToken = aws.log.filter((line) => line.startsWith("GET sts.")).length;
        return await issuer.mint(audience, { wishes });
      },
    });
    await provider.prefetch();
    await provider();
    assertEquals([probesBeforeToken, posts(aws).length], [5, 1]);
    clock.now += 3_600_000;
    await provider();
    assertEquals(aws.log.length, 7, "not measured again");
  }));

Deno.test("awsCredentials reads roles and region from its own names before AWS's", () =>
  inScene(async ({ aws, credentials }) => {
    const vars: Record<string, string> = {
      SIGNET_AWS_ROLE_ARN: roleArn,
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/other",
      AWS_REGION: "eu-north-1",
      AWS_DEFAULT_REGION: "eu-west-3",
    };
    const options = { roleArn: undefined, region: undefined, env: (name: string) => vars[name] };
    await credentials(options)();
    delete vars.SIGNET_AWS_ROLE_ARN;
    assertEquals((await rejected(credentials(options))).code, "access_denied");
    delete vars.AWS_ROLE_ARN;
    assertStringIncludes((await rejected(credentials(options))).message, "SIGNET_AWS_ROLE_ARN");
    assertEquals(posts(aws)[0], "POST sts.eu-north-1.amazonaws.com AssumeRoleWithWebIdentity");
  }));

Deno.test("awsCredentials never puts a token or a secret into an error", () =>
  inScene(async ({ aws, issuer, credentials }) => {
    const huge = `eyJhbGciOiJSUzI1NiJ9.${"A".repeat(20_001)}.c2ln`;
    const error = await rejected(credentials({ getIdToken: () => Promise.resolve(huge) }));
    assertEquals(error.vendorCode, "ValidationError");
    assert(!error.message.includes("AAAA"), "AWS quotes the value back");
    const token = await issuer.mint(aud);
    aws.faults.push(new StsFault("ValidationError", `bad value ${token}`));
    const other = await rejected(credentials({ getIdToken: () => Promise.resolve(token) }));
    assert(!JSON.stringify([other.message, other.vendorMessage]).includes(token.slice(0, 20)));
  }));

Deno.test("awsCredentials calls an answer without credentials invalid", () =>
  inScene(async ({ aws, credentials }) => {
    for (const body of ["<html>hello</html>", "", "<AssumeRoleWithWebIdentityResponse/>"]) {
      aws.faults.push(new Response(body));
      assertEquals((await rejected(credentials())).code, "invalid_response");
    }
  }));

Deno.test("awsCredentials takes a role without an account at an endpoint of one's own alone, unbound", () =>
  inScene(async ({ issuer, credentials }) => {
    for (const account of ["", "tenant_1", "12345678901"]) {
      const roleArn = `arn:aws:iam::${account}:role/web`;
      assertThrows(() => credentials({ roleArn }), TypeError, "12 digits");
      const forms: URLSearchParams[] = [];
      // The form in which Ceph RGW answers, S3's.
      const fetch = async (input: string | URL | Request, init?: RequestInit) => {
        forms.push(new URLSearchParams(await new Request(input, init).text()));
        const error =
          "<Error><Code>AccessDenied</Code><Message></Message><RequestId>tx1</RequestId>";
        return new Response(`<?xml version="1.0"?>${error}</Error>`, { status: 403 });
      };
      const endpoint = "http://127.0.0.1:18000";
      for (
        const options of [{ endpoint }, {
          env: (name: string) => ({ AWS_ENDPOINT_URL_STS: endpoint })[name],
        }]
      ) {
        const error = await assertRejects(
          () => credentials({ roleArn, fetch, ...options })(),
          AwsCredentialError,
        ) as AwsCredentialError;
        assertEquals([error.code, error.vendorCode, error.requestId], [
          "access_denied",
          "AccessDenied",
          "tx1",
        ]);
      }
      assertEquals(forms.map((form) => form.get("RoleArn")), [roleArn, roleArn]);
    }
    assertEquals(issuer.minted.filter(({ wishes }) => wishes?.roles), []);
  }));

Deno.test("awsCredentials refuses options out of AWS's limits before any request", () => {
  const bad: [AwsCredentialsOptions, string][] = [
    [{ roleArn: "arn:aws:iam::1:role/x" }, "roleArn"],
    [{ roleArn: "arn:aws-mars:iam::123456789012:role/x" }, "roleArn"],
    [{ durationSeconds: 899 }, "durationSeconds"],
    [{ roleSessionName: "a" }, "roleSessionName"],
    [{ roleSessionName: "a b" }, "roleSessionName"],
    [{ policy: "x".repeat(2_049) }, "policy"],
    [{ policyArns: Array(11).fill("arn:aws:iam::aws:policy/x") }, "policyArns"],
    [{ roleArn, region: "cn-north-1" }, "region"],
    [{ endpoint: "http://sts.example.test" }, "endpoint"],
    [{ roleArn, chain: [{ roleArn: "arn:aws-cn:iam::123456789012:role/x" }] }, "chain"],
    [{ roleArn, chain: [{ roleArn, durationSeconds: 3_601 }] }, "durationSeconds"],
    [{ attempts: 0 }, "attempts"],
  ];
  for (const [options, name] of bad) {
    assertThrows(() => awsCredentials(options), TypeError, `Cannot use ${name}`);
  }
});

/** Tokens that AWS refuses, and what it says; the stand-in must hold to each. */
const faulty: Record<string, { mutation: Mutation; says: string; code?: string }> = {
  "another audience": { mutation: { claims: { aud: "other" } }, says: "could not be validated" },
  "two audiences": {
    mutation: { claims: { aud: [aud, "other"] } },
    says: "more than one audience",
  },
  "an azp that is no client ID": {
    mutation: { claims: { azp: "x" } },
    says: "could not be validated",
  },
  "no audience": {
    mutation: { claims: { aud: undefined } },
    says: "Missing a required claim: aud",
  },
  "no iat": { mutation: { claims: { iat: undefined } }, says: "Missing a required claim: iat" },
  "no exp": { mutation: { claims: { exp: undefined } }, says: "Missing a required claim: exp" },
  "a fraction": { mutation: { claims: { iat: 1.5 } }, says: "Invalid timestamp" },
  "another subject": {
    mutation: { claims: { sub: "x" } },
    says: "Not authorized",
    code: "access_denied",
  },
  "its case changed": {
    mutation: { claims: { sub: sub.toUpperCase() } },
    says: "Not authorized",
    code: "access_denied",
  },
  "a foreign issuer": {
    mutation: { claims: { iss: "https://evil.test" } },
    says: "No OpenIDConnect provider found",
  },
  "an unknown kid": {
    mutation: { header: { kid: "nobody" } },
    says: "Couldn't retrieve verification key",
    code: "issuer_unreachable",
  },
  "crit": { mutation: { header: { crit: ["b64"], b64: true } }, says: "not a valid JWT" },
  "an end in the past": {
    mutation: { claims: { exp: 1_000 } },
    says: "Token expired",
    code: "id_token_expired",
  },
  "another role": {
    mutation: {
      claims: { "https://aws.amazon.com/roles": ["arn:aws:iam::123456789012:role/other"] },
    },
    says: "not present in the roles claim",
  },
  "no sound role": {
    mutation: { claims: { "https://aws.amazon.com/roles": ["web"] } },
    says: "no valid role ARNs",
  },
  "tags that are no arrays": {
    mutation: { claims: { "https://aws.amazon.com/tags": { principal_tags: { a: "b" } } } },
    says: "principal_tags",
  },
};

for (const [what, { mutation, says, code }] of Object.entries(faulty)) {
  Deno.test(`awsCredentials explains why AWS refuses a token with ${what}`, () =>
    inScene(async ({ issuer, credentials }) => {
      issuer.mutation = mutation;
      const error = await rejected(credentials());
      assertStringIncludes(error.vendorMessage!, says);
      assertEquals(error.code, code ?? "id_token_rejected");
      assert(error.advice, "with advice");
    }));
}

Deno.test("the stand-in for AWS refuses keys that AWS refuses", () =>
  inScene(async ({ issuer, credentials }) => {
    const { jwk } = issuer.key;
    const other = (await signingKey("RS256", "second")).jwk;
    const published: [string, typeof issuer.jwks.keys, string][] = [
      ["key_ops", [{ ...jwk, key_ops: ["verify"] }], "could not be validated"],
      ["ext", [{ ...jwk, ext: true }], "could not be validated"],
      ["use enc", [{ ...jwk, use: "enc" }], "Couldn't retrieve"],
      ["101 keys", [...Array(100).fill(other), jwk], "Couldn't retrieve"],
      ["no kid", [{ ...jwk, kid: undefined }], "Couldn't retrieve"],
      ["a later key of the same kid", [jwk, { ...other, kid: jwk.kid }], "could not be validated"],
    ];
    for (const [what, keys, says] of published) {
      issuer.jwks = { keys };
      assertStringIncludes((await rejected(credentials())).vendorMessage!, says, what);
    }
    issuer.jwks = { keys: [jwk] };
    await credentials()();
  }));

Deno.test("the stand-in for AWS takes ES256 and refuses EdDSA", async () => {
  await inScene(async ({ credentials }) => void await credentials()(), { alg: "ES256" });
  await inScene(async ({ credentials }) => {
    assertStringIncludes((await rejected(credentials())).message, "could not be validated");
  }, { alg: "EdDSA" });
});
