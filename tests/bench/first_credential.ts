import { awsCredentials } from "../../client/aws.ts";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { sampleJwt } from "./sample_jwt.ts";

/** What an isolate's first credential took. */
export interface FirstCredential {
  readonly ms: number;
  readonly requests: number;
}

const issuer = "https://id.example";
const roundTrip = 20;
const env: Record<string, string> = {
  GITHUB_ACTIONS: "true",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example/token?v=1",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  SIGNET_ISSUER: issuer,
};

/** Platform token → our token → AWS credentials, over a network whose every round trip takes 20 ms. */
export async function firstCredential({ ahead }: { ahead: boolean }): Promise<FirstCredential> {
  let requests = 0;
  const network: typeof fetch = async (input, init) => {
    requests++;
    await new Promise((resolve) => setTimeout(resolve, roundTrip));
    return answer(new URL(input instanceof Request ? input.url : String(input)), init);
  };
  const read = (name: string) => env[name];
  using client = createIdTokenClient({ env: read, fetch: network });
  const credentials = awsCredentials({
    ...{ roleArn: "arn:aws:iam::123456789012:role/web", region: "eu-central-1" },
    ...{ client, env: read, fetch: network },
  });
  if (ahead) await credentials.prefetch();
  const start = performance.now();
  await credentials();
  return { ms: performance.now() - start, requests };
}

function answer(url: URL, init: RequestInit | undefined): Response {
  if (url.hostname === "actions.example") {
    return Response.json({ value: sampleJwt(url.searchParams.get("audience")!) });
  }
  if (url.origin === issuer) {
    const audience = new URLSearchParams(String(init?.body)).get("audience")!;
    const token = { access_token: ownToken(audience), token_type: "N_A", expires_in: 300 };
    return Response.json({
      ...token,
      issued_token_type: "urn:ietf:params:oauth:token-type:jwt",
    });
  }
  return new Response(stsAnswer, { headers: { "content-type": "text/xml" } });
}

function ownToken(audience: string): string {
  return sampleJwt(audience, 300);
}

const expiration = new Date(Date.now() + 3_600_000).toISOString();
const stsAnswer =
  `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAEXAMPLEEXAMPLE</AccessKeyId>
<SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>${expiration}</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/web/s</Arn>
<AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
