import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import { signJwt } from "../keys/sign_jwt.ts";
import type { Caller } from "./authenticate/caller.ts";
import { authorize } from "./authorize.ts";
import { readBearer } from "./bearer.ts";
import { ProofError, TokenError } from "./errors.ts";
import type { Grant, GrantAnswer } from "./grants/grant.ts";
import { mintClaims } from "./mint.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import type { AudienceProfile } from "./profiles.ts";
import { readForm } from "./read_form.ts";
import { asTokenError, json, methodNotAllowed, tokenError } from "./respond.ts";
import { selectProfile } from "./select_profile.ts";
import type { OnTokenEvent } from "./token_event.ts";
import { readTokenRequest } from "./token_request.ts";

/** What the token endpoint works with. */
export interface TokenEndpointOptions {
  readonly issuer: string;
  readonly keyring: Keyring;
  readonly profiles: readonly AudienceProfile[];
  readonly grants: {
    /** The way in of GitHub's request protocol. */
    readonly requestToken: Grant;
    /** Ways in by `grant_type`. */
    readonly byType: ReadonlyMap<string, Grant>;
  };
  readonly now: () => number;
  readonly createJti: () => string;
  readonly onEvent?: OnTokenEvent;
}

/** Handles one request to `/token`. */
export type TokenEndpoint = (request: Request) => Promise<Response>;

interface Minted {
  readonly token: string;
  readonly expiresIn: number;
}

/** Parameters that must never stand in a URL, where logs and proxies see them (threat 53). */
const secretParameters = [
  "access_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "subject_token",
  "token",
];

/** `/token`: the request protocol of GitHub Actions by GET, the OAuth token endpoint by POST. */
export function tokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { issuer, keyring, grants, now, onEvent } = options;

  async function issue(grant: Grant, parameters: Parameters, request: Request): Promise<Minted> {
    let caller: Caller | undefined;
    try {
      const asked = readTokenRequest(parameters, issuer);
      caller = await grant.authenticate({
        parameters,
        bearer: readBearer(request),
        audience: asked.audience,
      });
      authorize(caller, asked.audience);
      const profile = selectProfile(options.profiles, asked.audience);
      const key = await keyring.signingKey(profile.alg ?? "RS256" satisfies Algorithm);
      const { workload: { workload }, verified } = caller;
      await caller.consume?.();
      const claims = mintClaims({
        issuer,
        now: now(),
        jti: options.createJti(),
        workload,
        verified,
        profile,
        request: asked,
      });
      const token = await signJwt(key, claims);
      onEvent?.({ decision: "issued", at: now(), caller, claims, kid: key.kid, token });
      return { token, expiresIn: Number(claims.exp) - Number(claims.iat) };
    } catch (error) {
      const refusal = error instanceof ProofError
        ? new TokenError(grant.refusal.code, grant.refusal.description, { reason: error.reason })
        : asTokenError(error);
      onEvent?.({
        decision: "refused",
        at: now(),
        caller,
        code: refusal.code,
        reason: refusal.reason,
      });
      throw refusal;
    }
  }

  async function get(request: Request): Promise<Response> {
    const parameters = readParameters(queryOf(request.url));
    if (secretParameters.some((name) => parameters.has(name))) return methodNotAllowed("POST");
    const { token } = await issue(grants.requestToken, parameters, request);
    return json({ value: token });
  }

  async function post(request: Request): Promise<Response> {
    if (queryOf(request.url) !== "") {
      throw new TokenError(
        "invalid_request",
        "Cannot read the request: send parameters in the body only",
      );
    }
    const parameters = await readForm(request);
    const type = parameters.get("grant_type");
    if (type === undefined) {
      throw new TokenError(
        "invalid_request",
        "Cannot issue a token: the parameter grant_type is missing",
      );
    }
    const grant = grants.byType.get(type);
    if (!grant) {
      const known = [...grants.byType.keys()].join(", ");
      throw new TokenError(
        "unsupported_grant_type",
        `Cannot issue a token: use grant_type ${known}`,
      );
    }
    const { token, expiresIn } = await issue(grant, parameters, request);
    const answer: GrantAnswer = { access_token: token, ...grant.answer, expires_in: expiresIn };
    return json(answer);
  }

  return async (request) => {
    try {
      return await (request.method === "POST" ? post(request) : get(request));
    } catch (error) {
      return tokenError(error);
    }
  };
}

function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1);
}
