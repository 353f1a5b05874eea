import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import { type SigningKey, signJwt } from "../keys/sign_jwt.ts";
import type { Caller } from "./authenticate/caller.ts";
import { authorize } from "./authorize.ts";
import { readBearer } from "./bearer.ts";
import { audienceCheck } from "./check_audience.ts";
import type { Claims } from "./claims.ts";
import { andThen, type Eventual } from "./eventual.ts";
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
) => Eventual<MintedToken>;

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
  ): Eventual<Caller> {
    const credential = options.limitCallers && proofOf(credentials);
    if (!credential) return grant.authenticate(credentials);
    const digest = sha256Hex(credential);
    const bearerDigest = credentials.bearer ? digest : undefined;
    return options.limitCallers!(
      { issuer, digest, source },
      () => grant.authenticate({ ...credentials, bearerDigest }),
    );
  }

  /** A proof for single use is used up last, when nothing of the request can be refused any more. */
  function allow(caller: Caller, request: TokenRequest): Eventual<Wanted> {
    authorize(caller, request.audience);
    const profile = profileOf(request.audience);
    return andThen(keyring.signingKey(profile.alg ?? "RS256" satisfies Algorithm), (key) => {
      const wanted = { caller, request, profile, key };
      if (!caller.consume) return wanted;
      // Made to be thrown away: what cannot be minted is refused before.
      claimsOf(wanted);
      return caller.consume().then(() => wanted);
    });
  }

  function make(wanted: Wanted): Eventual<MintedToken> {
    const { caller, request, profile: { reuseSeconds: seconds }, key: { kid } } = wanted;
    if (seconds === undefined) return mint(wanted);
    return reuse({ key: reuseKey(caller, { request, kid }), seconds }, () => mint(wanted));
  }

  function mint(wanted: Wanted): Eventual<MintedToken> {
    const claims = claimsOf(wanted);
    const { key, key: { kid }, profile } = wanted;
    const reusable = profile.reuseSeconds !== undefined;
    return andThen(signJwt(key, claims), (token) => ({ token, claims, kid, reusable }));
  }

  function claimsOf({ caller, request, profile }: Wanted): Claims {
    const { workload: { workload }, verified } = caller;
    const identity = { issuer, now: now(), jti: options.createJti() };
    return mintClaims({ ...identity, workload, verified, profile, request });
  }

  return (attempt, { parameters, request }) => {
    const asked = readTokenRequest(parameters, checkAudience);
    const { audience } = asked;
    attempt.audience = audience;
    const credentials = { parameters, bearer: readBearer(request), audience };
    const proof = authenticate(attempt.grant!, { credentials, source: attempt.source });
    return andThen(proof, (caller) => {
      attempt.caller = caller;
      return andThen(andThen(allow(caller, asked), make), (minted) => {
        onEvent?.({ ...attempt, ...minted, decision: "issued", at: now(), caller });
        return minted;
      });
    });
  };
}

function proofOf({ bearer, parameters }: Credentials): string | undefined {
  if (bearer) return bearer;
  const name = proofParameters.find((name) => parameters.has(name));
  return name && parameters.get(name);
}
