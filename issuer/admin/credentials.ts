import { Problem } from "../errors.ts";
import { empty, json } from "../respond.ts";
import { type CredentialRequest, parseCredentialRequest } from "../workloads/parse_credential.ts";
import { createRequestToken, sha256Hex } from "../workloads/request_token.ts";
import type { Credential } from "../workloads/workload.ts";
import type { AdminAction, AdminContext } from "./context.ts";
import { editWorkload, randomId } from "./edit_workload.ts";
import { showCredential } from "./show_workload.ts";
import { readLive } from "./workloads.ts";

/** Seconds that a request token lives when the operator names no time: 90 days. */
const defaultLifetime = 7_776_000;

/** Most credentials of a workload: enough for overlap while they are exchanged. */
const maxCredentials = 20;

/** `GET /admin/workloads/{id}/credentials` */
export const listCredentials: AdminAction = async (context, { path: [id] }) => {
  const { credentials } = await readLive(context, id!);
  return json({ credentials: credentials.map(showCredential) });
};

/** `POST /admin/workloads/{id}/credentials`: a secret is answered here and nowhere else. */
export const addCredential: AdminAction = async (context, { actor, path: [id], body }) => {
  const request = parseCredentialRequest(body);
  const { credential, secret } = makeCredential(context, { workload: id!, request });
  await editWorkload(context, {
    id: id!,
    edit: (record) => {
      const now = context.now();
      const live = record.credentials.filter(({ expiresAt }) =>
        expiresAt === null || expiresAt > now
      );
      if (live.length >= maxCredentials) {
        throw new Problem(
          "conflict",
          `Cannot add a credential: "${id}" has ${maxCredentials}; revoke one first`,
        );
      }
      if (live.some((other) => kidOf(other) !== undefined && kidOf(other) === kidOf(credential))) {
        throw new Problem(
          "conflict",
          `Cannot add a credential: "${id}" has a key of this kid; revoke it first or use another`,
        );
      }
      const after = showCredential(credential);
      const event = { actor, action: "credential.add", target: `workload:${id}`, after };
      return { record: { ...record, credentials: [...live, credential] }, event };
    },
  });
  const location = `${context.issuer}/admin/workloads/${id}/credentials/${credential.id}`;
  return json({ ...showCredential(credential), secret }, { status: 201, headers: { location } });
};

function kidOf(credential: Credential): string | undefined {
  return credential.type === "public_key" ? credential.jwk.kid : undefined;
}

function makeCredential(
  context: AdminContext,
  { workload, request }: { workload: string; request: CredentialRequest },
): { credential: Credential; secret?: string } {
  const { deployment, audiences, expiresIn, jwk } = request;
  const createdAt = context.now();
  const common = { id: randomId(context), createdAt, deployment, audiences };
  if (request.type === "public_key") {
    const expiresAt = expiresIn === undefined ? null : createdAt + expiresIn * 1000;
    return { credential: { ...common, type: "public_key", jwk: jwk!, expiresAt } };
  }
  const secret = createRequestToken({ ...context, workload });
  const expiresAt = createdAt + (expiresIn ?? defaultLifetime) * 1000;
  return {
    credential: { ...common, type: "request_token", sha256: sha256Hex(secret), expiresAt },
    secret,
  };
}

/** `DELETE /admin/workloads/{id}/credentials/{cid}` */
export const revokeCredential: AdminAction = async (
  context,
  { actor, path: [id, credentialId] },
) => {
  await editWorkload(context, {
    id: id!,
    edit: (record) => {
      const gone = record.credentials.find((credential) => credential.id === credentialId);
      if (!gone) throw new Problem("not_found", `Cannot find this credential of workload "${id}"`);
      const credentials = record.credentials.filter((credential) => credential !== gone);
      const before = showCredential(gone);
      const event = { actor, action: "credential.revoke", target: `workload:${id}`, before };
      return { record: { ...record, credentials }, event };
    },
  });
  return empty(204);
};
