import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import { type SigningKey, signJwt } from "../keys/sign_jwt.ts";
import type { Caller } from "./authenticate/caller.ts";
import { authorize } from "./authorize.ts";
import { readBearer } from "./bearer.ts";
import { audienceCheck } from "./check_audience.ts";
import { ProofError, TokenError, type TokenErrorCode } from "./errors.ts";
import type { Credentials, Grant, GrantAnswer } from "./grants/grant.ts";
import type { LimitCallers } from "./limit_callers.ts";
import { mintClaims } from "./mint.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import type { AudienceProfile } from "./profiles.ts";
import { readForm } from "./read_form.ts";
import { type RequestInfo, sourceOf } from "./request_source.ts";
import { type MintedToken, reuseKey, tokenReuse } from "./reuse_tokens.ts";
import { asTokenError, jsonHeaders, methodNotAllowed, tokenError } from "./respond.ts";
import { addSecurityHeaders, programHeaders } from "./security_headers.ts";
import { profileSelector } from "./select_profile.ts";
import type { OnTokenEvent } from "./token_event.ts";
import { readTokenRequest, type TokenRequest } from "./token_request.ts";
import { sha256Hex } from "./workloads/request_token.ts";

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
  /** Default: no limit. */
  readonly limitCallers?: LimitCallers;
  /** Gets exactly one outcome per request. */
  readonly onEvent?: OnTokenEvent;
}

/** Handles one request to `/token`. */
export type TokenEndpoint = (request: Request, info?: RequestInfo) => Promise<Response>;

/** What became known of a request so far, for its one event. */
interface Attempt {
  readonly source: string;
  grant?: Grant;
  audience?: string;
  caller?: Caller;
}

/** What a token is made of, once all is proven and allowed. */
interface Wanted {
  readonly caller: Caller;
  readonly request: TokenRequest;
  readonly profile: AudienceProfile;
  readonly key: SigningKey;
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

/** Parameters that prove who asks, where no bearer does. */
const proofParameters = ["client_assertion", "subject_token", "assertion"];

/** `/token`: the request protocol of GitHub Actions by GET, the OAuth token endpoint by POST. */
export function tokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { issuer, keyring, grants, now, onEvent } = options;
  const checkAudience = audienceCheck(issuer);
  const reuse = tokenReuse(now);
  const profileOf = profileSelector(options.profiles);
  const https = issuer.startsWith("https:");
  const answered = { headers: jsonHeaders(programHeaders({ https })) };

  function authenticate(
    grant: Grant,
    { credentials, source }: { credentials: Credentials; source: string },
  ): Caller | Promise<Caller> {
    const credential = options.limitCallers && proofOf(credentials);
    if (!credential) return grant.authenticate(credentials);
    const digest = sha256Hex(credential);
    const bearerDigest = credentials.bearer ? digest : undefined;
    return options.limitCallers!(
      { issuer, digest, source },
      () => grant.authenticate({ ...credentials, bearerDigest }),
    );
  }

  // Only what is not there yet is awaited: on the common way each needless turn would cost a percent.
  async function issue(
    attempt: Attempt,
    { parameters, request }: { parameters: Parameters; request: Request },
  ): Promise<MintedToken> {
    const asked = readTokenRequest(parameters, checkAudience);
    const { audience } = asked;
    attempt.audience = audience;
    const credentials = { parameters, bearer: readBearer(request), audience };
    const proof = authenticate(attempt.grant!, { credentials, source: attempt.source });
    const caller = proof instanceof Promise ? await proof : proof;
    attempt.caller = caller;
    authorize(caller, audience);
    const profile = profileOf(audience);
    const signer = keyring.signingKey(profile.alg ?? "RS256" satisfies Algorithm);
    const key = signer instanceof Promise ? await signer : signer;
    if (caller.consume) await caller.consume();
    const wanted = { caller, request: asked, profile, key };
    const { reuseSeconds: seconds } = profile;
    const made = seconds === undefined ? mint(wanted) : reuse(
      { key: reuseKey(caller, { request: asked, kid: key.kid }), seconds },
      () => mint(wanted),
    );
    const minted = made instanceof Promise ? await made : made;
    onEvent?.({ ...attempt, ...minted, decision: "issued", at: now(), caller });
    return minted;
  }

  function mint({ caller, request, profile, key }: Wanted): MintedToken | Promise<MintedToken> {
    const { workload: { workload }, verified } = caller;
    const identity = { issuer, now: now(), jti: options.createJti() };
    const claims = mintClaims({ ...identity, workload, verified, profile, request });
    const { kid } = key;
    const token = signJwt(key, claims);
    return token instanceof Promise
      ? token.then((token) => ({ token, claims, kid }))
      : { token, claims, kid };
  }

  async function get(request: Request, attempt: Attempt): Promise<Response> {
    const parameters = readParameters(queryOf(request.url));
    if (secretParameters.some((name) => parameters.has(name))) throw new SecretInUrl();
    attempt.grant = grants.requestToken;
    const { token } = await issue(attempt, { parameters, request });
    // A compact JWS needs no escape in JSON.
    return new Response(`{"value":"${token}"}`, answered);
  }

  async function post(request: Request, attempt: Attempt): Promise<Response> {
    if (queryOf(request.url) !== "") {
      throw new TokenError(
        "invalid_request",
        "Cannot read the request: send parameters in the body only",
      );
    }
    const parameters = await readForm(request);
    attempt.grant = findGrant(parameters.get("grant_type"));
    const { token, claims } = await issue(attempt, { parameters, request });
    const answer = attempt.grant.answer(parameters);
    const body: GrantAnswer = {
      access_token: token,
      ...answer,
      expires_in: Number(claims.exp) - Math.floor(now() / 1000),
    };
    return new Response(JSON.stringify(body), answered);
  }

  function findGrant(type: string | undefined): Grant {
    if (type === undefined) {
      throw new TokenError(
        "invalid_request",
        "Cannot issue a token: the parameter grant_type is missing",
      );
    }
    const grant = grants.byType.get(type);
    if (grant) return grant;
    const known = [...grants.byType.keys()].join(", ");
    throw new TokenError(
      "unsupported_grant_type",
      `Cannot issue a token: use grant_type ${known}`,
    );
  }

  return async (request, info) => {
    const attempt: Attempt = { source: sourceOf(info) };
    try {
      return await (request.method === "POST" ? post(request, attempt) : get(request, attempt));
    } catch (error) {
      const { code, reason, ...refusal } = refusalOf(error, attempt.grant);
      onEvent?.({ ...attempt, decision: "refused", at: now(), code, reason });
      return addSecurityHeaders(refusal.response, { https });
    }
  };
}

/** A credential in the URL: answered by 405, since POST is the way (threat 53). */
class SecretInUrl extends Error {}

/** How a failure is answered, and what its event says. */
function refusalOf(
  error: unknown,
  grant: Grant | undefined,
): { code: TokenErrorCode; reason: string; response: Response } {
  if (error instanceof SecretInUrl) {
    const response = methodNotAllowed("POST");
    return { code: "invalid_request", reason: "secret_in_url", response };
  }
  const refusal = error instanceof ProofError && grant
    ? new TokenError(grant.refusal.code, grant.refusal.description, { reason: error.reason })
    : asTokenError(error);
  return { code: refusal.code, reason: refusal.reason, response: tokenError(refusal) };
}

function proofOf({ bearer, parameters }: Credentials): string | undefined {
  if (bearer) return bearer;
  const name = proofParameters.find((name) => parameters.has(name));
  return name && parameters.get(name);
}

function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1);
}
