import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import { type SigningKey, signJwt } from "../keys/sign_jwt.ts";
import type { Caller } from "./authenticate/caller.ts";
import { authorize } from "./authorize.ts";
import { readBearer } from "./bearer.ts";
import { audienceCheck } from "./check_audience.ts";
import type { Credentials, Grant } from "./grants/grant.ts";
import type { LimitCallers } from "./limit_callers.ts";
import { mintClaims } from "./mint.ts";
import type { Parameters } from "./parameters.ts";
import type { AudienceProfile } from "./profiles.ts";
import { type MintedToken, reuseKey, tokenReuse } from "./reuse_tokens.ts";
import { profileSelector } from "./select_profile.ts";
import type { OnTokenEvent } from "./token_event.ts";
import { readTokenRequest, type TokenRequest } from "./token_request.ts";
import { sha256Hex } from "./workloads/request_token.ts";

/** What tokens are issued with. */
export interface IssueOptions {
  readonly issuer: string;
  readonly keyring: Keyring;
  readonly profiles: readonly AudienceProfile[];
  readonly now: () => number;
  readonly createJti: () => string;
  /** Default: no limit. */
  readonly limitCallers?: LimitCallers;
  /** Gets exactly one outcome per request. */
  readonly onEvent?: OnTokenEvent;
}

/** What became known of a request so far, for its one event. */
export interface Attempt {
  readonly source: string;
  grant?: Grant;
  audience?: string;
  caller?: Caller;
}

/** Issues the token that a request asks for; what becomes known on the way is left in `attempt`. */
export type IssueToken = (
  attempt: Attempt,
  asking: { readonly parameters: Parameters; readonly request: Request },
) => Promise<MintedToken>;

/** What a token is made of, once all is proven and allowed. */
interface Wanted {
  readonly caller: Caller;
  readonly request: TokenRequest;
  readonly profile: AudienceProfile;
  readonly key: SigningKey;
}

/** Parameters that prove who asks, where no bearer does. */
const proofParameters = ["client_assertion", "subject_token", "assertion"];

/** The way of every token, whatever way its request came in: read, prove, allow, use up, mint, tell. */
export function tokenIssue(options: IssueOptions): IssueToken {
  const { issuer, keyring, now, onEvent } = options;
  const checkAudience = audienceCheck(issuer);
  const reuse = tokenReuse(now);
  const profileOf = profileSelector(options.profiles);

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
  const issue: IssueToken = async (attempt, { parameters, request }) => {
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
  };

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

  return issue;
}

function proofOf({ bearer, parameters }: Credentials): string | undefined {
  if (bearer) return bearer;
  const name = proofParameters.find((name) => parameters.has(name));
  return name && parameters.get(name);
}
