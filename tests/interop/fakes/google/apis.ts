/** IAM Service Account Credentials, and as much of Cloud Storage as shows that tokens work. */
import { CompactSign } from "jose";
import { signingKey } from "../../../_support/cloud_issuer.ts";
import { crc32c } from "./crc32c.ts";
import { ApiFault, bearerOf, grant, type ServiceAccount, type World } from "./world.ts";

const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const accountPath =
  /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):(generateAccessToken|generateIdToken)$/;

/** Answers a call of IAM Service Account Credentials; undefined when the path is none of its. */
export async function answerIamCredentials(
  request: Request,
  world: World,
): Promise<Response | undefined> {
  const match = accountPath.exec(decodeURIComponent(new URL(request.url).pathname));
  if (!match) return undefined;
  const caller = bearerOf(request, world);
  const input = await request.json();
  const account = allowed(match[1]!, caller.principal, input.delegates ?? [], world);
  if (match[2] === "generateIdToken") {
    return Response.json({ token: await idToken(account, input, world) });
  }
  const seconds = Number(/^(\d+)s$/.exec(input.lifetime ?? "3600s")?.[1]);
  if (!(seconds > 0 && seconds <= 3_600) || !Array.isArray(input.scope)) {
    throw new ApiFault(400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
  }
  const expiresAt = world.now() + seconds * 1000;
  const principal = `serviceAccount:${account.email}`;
  const accessToken = grant(world, { principal, scopes: input.scope, expiresAt });
  return Response.json({ accessToken, expireTime: new Date(expiresAt).toISOString() });
}

function allowed(
  email: string,
  principal: string,
  delegates: string[],
  world: World,
): ServiceAccount {
  const hops = [...delegates.map((name) => name.replace("projects/-/serviceAccounts/", "")), email];
  let caller = principal;
  for (const hop of hops) {
    const account = world.accounts.find((known) => known.email === hop);
    const list = caller === principal ? account?.users : account?.creators;
    if (!account || !list?.includes(caller)) {
      throw new ApiFault(
        403,
        "PERMISSION_DENIED",
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
      );
    }
    caller = hop;
  }
  return world.accounts.find((known) => known.email === email)!;
}

async function idToken(
  account: ServiceAccount,
  input: { audience: string; includeEmail?: boolean },
  world: World,
): Promise<string> {
  const key = await signingKey("RS256", "google");
  const iat = Math.floor(world.now() / 1000);
  const claims = {
    iss: "https://accounts.google.com",
    aud: input.audience,
    iat,
    exp: iat + 3_600,
    ...(input.includeEmail && { email: account.email, email_verified: true }),
  };
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "RS256", kid: key.kid }).sign(key.privateKey);
}

/** Answers uploads (multipart) and downloads of objects. */
export async function answerStorage(request: Request, world: World): Promise<Response> {
  const { principal, scopes } = bearerOf(request, world);
  if (!world.storageUsers.includes(principal) || !scopes.includes(cloudPlatform)) {
    const text =
      `${principal} does not have storage.objects.get access to the Google Cloud Storage object.`;
    throw new ApiFault(403, "PERMISSION_DENIED", text);
  }
  const url = new URL(request.url);
  const [, bucket, name] = /\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
  if (request.method === "POST") {
    const body = await request.text();
    // multipart/related: the object's metadata first, its content second.
    const [, metadata, content] = body.split(/--[^\r\n]+\r?\n/);
    const key = JSON.parse(partBody(metadata!)).name ?? url.searchParams.get("name");
    const bytes = new TextEncoder().encode(partBody(content!));
    world.objects.set(`${bucket}/${key}`, bytes);
    const object = { kind: "storage#object", bucket, name: key, generation: "1" };
    return Response.json({ ...object, crc32c: crc32c(bytes) });
  }
  const object = world.objects.get(`${bucket}/${decodeURIComponent(name!)}`);
  if (!object) throw new ApiFault(404, "NOT_FOUND", "No such object");
  return new Response(object, { headers: { "x-goog-hash": `crc32c=${crc32c(object)}` } });
}

function partBody(part: string): string {
  return part.split(/\r?\n\r?\n/).slice(1).join("\r\n\r\n").replace(
    /\r?\n(?:--[^\r\n]*--\s*)?$/,
    "",
  );
}
