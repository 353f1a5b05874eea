/**
 * Which test holds which threat, by the numbers 1 to 70 of the project's threat list.
 * `threats_test.ts` holds this table to the sources.
 */

/** A threat and what shows that it is met. */
export interface Threat {
  readonly title: string;
  /** Why the threat does not exist here; the test then shows that it does not. */
  readonly notApplicable?: string;
  /** Test files below `tests/`, with the names of their tests. */
  readonly tests: readonly (readonly [file: string, name: string])[];
}

/** The table. */
export const THREATS: Readonly<Record<number, Threat>> = {
  1: {
    title: "alg none",
    tests: [
      ["verify/corpus_test.ts", "threat 1: verify refuses an algorithm outside the list"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  2: {
    title: "HS256 with a public key as its secret",
    tests: [
      ["verify/corpus_test.ts", "threat 2: verify refuses HMAC with a public key as its secret"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  3: {
    title: "header alg that is not the key's",
    tests: [
      [
        "verify/corpus_test.ts",
        "threat 3: verify refuses a header algorithm that is not the key's",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "verify/create_verifier_test.ts",
        "threat 3: parseJwks binds each key to one algorithm and passes over the rest",
      ],
    ],
  },
  4: {
    title: "keys and key URLs in the header",
    tests: [
      ["verify/corpus_test.ts", "threat 4: verify refuses a key brought along in the header"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "verify/fetch_json_test.ts",
        "threat 4: no header and no claim of a token ever causes a request",
      ],
    ],
  },
  5: {
    title: "hostile kid",
    tests: [
      ["verify/corpus_test.ts", "threat 5: verify refuses a hostile kid"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  6: {
    title: "one kid at two issuers",
    tests: [
      [
        "verify/corpus_test.ts",
        "threat 6: verify refuses a signature by the key of another issuer, or none at all",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 6: verify uses the keys of the token's own issuer only",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 6: keys given in one rule never vouch under another rule for that issuer",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "verify/jwks_cache_test.ts",
        "threat 6: verifiers of two issuers with one kid never share keys",
      ],
    ],
  },
  7: {
    title: "crit and b64",
    tests: [
      ["verify/corpus_test.ts", "threat 7: verify refuses crit and b64"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  8: {
    title: "typ of another kind",
    tests: [
      ["verify/corpus_test.ts", "threat 8: verify refuses a type of another kind"],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 8: verify takes the types of an exchange and no other",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  9: {
    title: "duplicate names",
    tests: [
      [
        "verify/corpus_test.ts",
        "threat 9: verify refuses JSON that two readers could read in two ways",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  10: {
    title: "base64url that is not canonical",
    tests: [
      ["verify/corpus_test.ts", "threat 10: verify refuses base64url that is not canonical"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "verify/base64url_test.ts",
        "threat 10: decodeBase64url accepts nothing that does not encode back to itself",
      ],
    ],
  },
  11: {
    title: "ECDSA twin signature",
    tests: [
      [
        "issuer/trust/replay_key_test.ts",
        "threat 11: a token and its ECDSA twin have one replay key, with and without jti",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 11, 20: a token that one grant has used up is used up for the other",
      ],
    ],
  },
  12: {
    title: "times",
    tests: [
      [
        "verify/corpus_test.ts",
        "threat 12: verify refuses times that are not whole, bounded and now",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 12: verify bounds the life of a platform token to a day",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  13: {
    title: "nearly the issuer",
    tests: [
      ["verify/corpus_test.ts", "threat 13: verify refuses an issuer that is nearly ours"],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  14: {
    title: "missing or malformed audience",
    tests: [
      [
        "verify/corpus_test.ts",
        "threat 14: verify refuses an audience that is not a string or an array of strings",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  15: {
    title: "several audiences",
    tests: [
      ["verify/corpus_test.ts", "threat 15: verify refuses a token for several audiences"],
      [
        "issuer/trust/match_rule_test.ts",
        "threat 15: a rule is not met by a token for several audiences",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 15, 16: no grant takes a token for several audiences or for somebody else",
      ],
    ],
  },
  16: {
    title: "token for somebody else",
    tests: [
      ["verify/corpus_test.ts", "threat 16: verify refuses a token for somebody else"],
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 16: parseTrustRules refuses the audiences of clouds and warns of any other",
      ],
      [
        "issuer/trust/presets_test.ts",
        "threat 16: a fixed audience of the platform is accepted with a warning, another one not",
      ],
      [
        "threats/client_assertions_test.ts",
        "threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 15, 16: no grant takes a token for several audiences or for somebody else",
      ],
    ],
  },
  17: {
    title: "rule without audience, or misspelled",
    tests: [
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 17: parseTrustRules refuses a rule without audience or with a misspelled member",
      ],
    ],
  },
  18: {
    title: "our own token presented to us",
    tests: [
      ["issuer/audience_test.ts", "threat 18: isOwnAudience finds every spelling of the issuer"],
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 18: parseTrustRules refuses a rule that trusts this issuer's own tokens",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 18: verify refuses this issuer's own token before anything else",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threat 18: no grant takes this issuer's own token, and none is ever minted for it",
      ],
    ],
  },
  19: {
    title: "assertion for the token endpoint or for a list",
    tests: [
      [
        "threats/client_assertions_test.ts",
        "threat 19: private_key_jwt takes the issuer as audience, as one string and nothing like it",
      ],
    ],
  },
  20: {
    title: "replay",
    tests: [
      [
        "issuer/exchange_test.ts",
        "threat 20: a single-use token is exchanged once, on every isolate",
      ],
      [
        "issuer/trust/replay_key_test.ts",
        "threat 20: replayKey is by issuer and jti, so that issuers do not spend each other's",
      ],
      [
        "threats/client_assertions_test.ts",
        "threat 20: of 50 equal assertions at two isolates of one KV exactly one wins",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 11, 20: a token that one grant has used up is used up for the other",
      ],
    ],
  },
  21: {
    title: "deep, wide and large tokens",
    tests: [
      ["verify/corpus_test.ts", "threat 21: verify refuses bulk"],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
    ],
  },
  22: {
    title: "__proto__ and constructor",
    tests: [
      ["verify/corpus_test.ts", "threat 22: verify refuses claims that hide behind __proto__"],
      [
        "issuer/trust/match_rule_test.ts",
        "threat 22: claimAt sees own members only, by name or JSON pointer",
      ],
      [
        "threats/presented_tokens_test.ts",
        "threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx",
      ],
      ["verify/corpus_test.ts", "threat 22: verify keeps __proto__ and constructor inert"],
    ],
  },
  23: {
    title: "claims that override reserved ones",
    tests: [
      ["issuer/mint_test.ts", "threat 23: mintClaims lets no given claim change a reserved one"],
      [
        "threats/claims_test.ts",
        "threat 23: a workload whose claims bear a name of the issuer's is refused at registration",
      ],
      [
        "threats/claims_test.ts",
        "threat 23: no claim that a platform's token presents changes one that the issuer writes",
      ],
    ],
  },
  24: {
    title: "revoked rule, credential or workload",
    tests: [
      [
        "issuer/admin_test.ts",
        "threat 24: a deleted workload gets no token, on another isolate within 60 s",
      ],
      [
        "issuer/exchange_test.ts",
        "threat 24: a rule taken away ends at once here and within 60 s elsewhere",
      ],
      [
        "threats/client_assertions_test.ts",
        "threat 24: a revoked public key ends at once here and within 60 s on another isolate",
      ],
    ],
  },
  25: {
    title: "names that imitate another subject",
    tests: [
      [
        "issuer/subject_test.ts",
        "threat 25: isName refuses every value that could imitate another subject",
      ],
      [
        "issuer/trust/presets_test.ts",
        "threat 25: a deployment that is not a name stays out of the subject",
      ],
    ],
  },
  26: {
    title: "collision by joining parts",
    tests: [
      ["issuer/subject_test.ts", "threat 26: buildSubject never gives two identities one subject"],
      [
        "issuer/subject_test.ts",
        "threat 26: no template that is accepted gives two identities one subject",
      ],
    ],
  },
  27: {
    title: "recycled names and ids",
    tests: [
      [
        "issuer/admin_test.ts",
        "threat 27: admin API never gives an id or a subject away twice, unless told by name",
      ],
      [
        "issuer/trust/presets_test.ts",
        "threat 27: a rule by names alone is accepted with a warning that names the id",
      ],
    ],
  },
  28: {
    title: "unanchored regular expressions",
    tests: [
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 28: a rule holds no regular expression: its signs are literal",
      ],
    ],
  },
  29: {
    title: "regular expressions that stall",
    tests: [
      [
        "issuer/glob_test.ts",
        "threat 29: matchesGlob takes linear time for patterns that stall regular expressions",
      ],
      ["issuer/trust/match_rule_test.ts", "threat 29: a glob never takes more than linear time"],
    ],
  },
  30: {
    title: "rules too wide",
    tests: [
      [
        "issuer/trust/match_rule_test.ts",
        "threat 30: each * of a glob stays inside one segment and stands for something",
      ],
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 30: parseTrustRules refuses a rule without a condition that says whose token it is",
      ],
      [
        "issuer/trust/parse_rule_test.ts",
        "threat 30: parseTrustRules accepts repo:org/app:* and warns that pull requests meet it",
      ],
      [
        "issuer/trust/presets_test.ts",
        "threat 30: a rule that every branch and preview meets gets a warning",
      ],
    ],
  },
  31: {
    title: "branch named like more claims",
    tests: [
      [
        "issuer/trust/match_rule_test.ts",
        "threat 31: a branch that spells more claims does not meet a rule for those claims",
      ],
    ],
  },
  32: {
    title: "claims of another JSON type",
    tests: [
      ["issuer/trust/match_rule_test.ts", "threat 32: a claim is compared with its JSON type"],
    ],
  },
  33: {
    title: "preview that mints as production",
    tests: [
      [
        "e2e/configuration_test.ts",
        "threat 33: issuer/main.ts on a preview timeline of Deploy answers 503 and never mints",
      ],
      ["issuer/config_test.ts", "threat 33: readConfig refuses a preview timeline of Deno Deploy"],
      [
        "issuer/trust/presets_test.ts",
        "threat 33: a preview or development context never meets a rule for production",
      ],
    ],
  },
  34: {
    title: "wildcard issuers",
    tests: [
      ["issuer/trust/check_url_test.ts", "threat 34: an issuer has no wildcard"],
    ],
  },
  35: {
    title: "requests to private places",
    tests: [
      [
        "issuer/trust/check_url_test.ts",
        "threat 35: no rule may name an issuer in a private, local or metadata place",
      ],
      ["issuer/trust/check_url_test.ts", "threat 35: an issuer must be written in its plain form"],
      [
        "issuer/trust/check_url_test.ts",
        "threat 35: loopback is allowed only while Signet itself runs there",
      ],
      [
        "threats/outbound_test.ts",
        "threats 35, 39, 40: an issuer that no rule names is never connected to, whatever a token says",
      ],
      [
        "threats/outbound_test.ts",
        "threat 35: no rule can be written for a private place, nor for loopback by an issuer elsewhere",
      ],
    ],
  },
  36: {
    title: "rebinding and redirects",
    tests: [
      [
        "issuer/trust/check_url_test.ts",
        "threat 36: the guard refuses every forbidden URL, however it came to be asked",
      ],
      [
        "issuer/trust/check_url_test.ts",
        "threat 36: where names are looked up, one address that is not public refuses the host",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 36: verify never asks a forbidden place, even where a rule slipped through",
      ],
      [
        "threats/outbound_test.ts",
        "threats 36, 38: a redirect of discovery or of keys is not followed",
      ],
      ["verify/fetch_json_test.ts", "threat 36: checkUrl sees every URL first and can forbid it"],
      [
        "threats/outbound_test.ts",
        "threat 36: where names are looked up, an issuer that resolves to a private address is not asked",
      ],
    ],
  },
  37: {
    title: "discovery that names another issuer",
    tests: [
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 37: Google's keys may lie on googleapis.com, nobody else's on another host",
      ],
      [
        "threats/outbound_test.ts",
        "threat 37: discovery that names another issuer, or keys on another host, is not believed",
      ],
      ["verify/fetch_json_test.ts", "threat 37: discovery must name the issuer byte for byte"],
      [
        "verify/fetch_json_test.ts",
        "threat 37: keys on another host are fetched only where that host is configured",
      ],
    ],
  },
  38: {
    title: "poisoned key sets",
    tests: [
      [
        "threats/outbound_test.ts",
        "threats 36, 38: a redirect of discovery or of keys is not followed",
      ],
      [
        "threats/outbound_test.ts",
        "threat 38: keys that are not keys, or are too large, do not replace good ones",
      ],
      [
        "verify/fetch_json_test.ts",
        "threat 38: a redirect is an error, and its target is never asked",
      ],
      [
        "verify/jwks_cache_test.ts",
        "threat 38: an answer that is not a usable key set never replaces a good one",
      ],
    ],
  },
  39: {
    title: "flood of unknown kids and unlisted issuers",
    tests: [
      [
        "issuer/trust/platform_tokens_test.ts",
        "threats 39, 40: no connection is made for an issuer that no rule names",
      ],
      [
        "threats/outbound_test.ts",
        "threats 35, 39, 40: an issuer that no rule names is never connected to, whatever a token says",
      ],
      ["threats/outbound_test.ts", "threat 39: a flood of unknown kids makes one request per 30 s"],
      [
        "verify/jwks_cache_test.ts",
        "threat 39: a flood of unknown kids causes one request per 30 s",
      ],
    ],
  },
  40: {
    title: "credentials sent along",
    tests: [
      [
        "issuer/trust/platform_tokens_test.ts",
        "threats 39, 40: no connection is made for an issuer that no rule names",
      ],
      [
        "threats/outbound_test.ts",
        "threats 35, 39, 40: an issuer that no rule names is never connected to, whatever a token says",
      ],
      ["verify/fetch_json_test.ts", "threat 40: requests to the issuer carry no credentials"],
    ],
  },
  41: {
    title: "hostile answers to a callback",
    notApplicable: "not applicable: there is no callback mode",
    tests: [
      [
        "threats/callback_test.ts",
        "threats 41, 42: there is no callback mode: no route, no grant and no metadata of it",
      ],
    ],
  },
  42: {
    title: "callback as amplifier",
    notApplicable: "not applicable: there is no callback mode",
    tests: [
      [
        "threats/callback_test.ts",
        "threats 41, 42: there is no callback mode: no route, no grant and no metadata of it",
      ],
    ],
  },
  43: {
    title: "doubled parameters, two ways to authenticate",
    tests: [
      [
        "issuer/parameters_test.ts",
        "threats 43, 45: readParameters refuses repeated names, brackets and malformed UTF-8",
      ],
      [
        "threats/http_surface_test.ts",
        "threat 43: /token refuses doubled and bracketed parameters, query beside body, and two ways to authenticate",
      ],
    ],
  },
  44: {
    title: "two Authorization headers",
    tests: [
      [
        "issuer/token_endpoint_test.ts",
        "threat 44: token endpoint refuses two credentials in one request",
      ],
      [
        "threats/http_surface_test.ts",
        "threat 44: two Authorization headers are 401, with either first",
      ],
    ],
  },
  45: {
    title: "invalid UTF-8",
    tests: [
      [
        "issuer/parameters_test.ts",
        "threats 43, 45: readParameters refuses repeated names, brackets and malformed UTF-8",
      ],
      [
        "threats/http_surface_test.ts",
        "threat 45: bytes that are not UTF-8 are 400, raw or percent-encoded",
      ],
    ],
  },
  46: {
    title: "slow and large bodies",
    tests: [
      [
        "e2e/body_test.ts",
        "threat 46: issuer/main.ts bounds a body in size and time, and takes no two lengths",
      ],
    ],
  },
  47: {
    title: "Host and forwarding headers",
    tests: [
      ["issuer/http_test.ts", "threat 47: hosts that are not listed get 421"],
      [
        "threats/http_surface_test.ts",
        "threat 47: no Host, forwarding header or absolute form changes what the issuer says it is",
      ],
    ],
  },
  48: {
    title: "other origins",
    tests: [
      ["issuer/http_test.ts", "threat 48: only discovery and JWKS allow other origins"],
      [
        "threats/http_surface_test.ts",
        "threat 48: a page of another origin can send no form that the issuer takes",
      ],
    ],
  },
  49: {
    title: "caching",
    tests: [
      ["issuer/http_test.ts", "threat 49: errors are never cached"],
      [
        "threats/http_surface_test.ts",
        "threat 49: keys may be cached for less than their lead, tokens and errors never",
      ],
    ],
  },
  50: {
    title: "path issuers",
    tests: [
      [
        "issuer/http_test.ts",
        "threat 50: a path issuer serves all its routes below its path and nothing above it",
      ],
      [
        "threats/http_surface_test.ts",
        "threat 50: no spelling of a path but the plain one finds an issuer's documents",
      ],
    ],
  },
  51: {
    title: "error oracle",
    tests: [
      [
        "issuer/exchange_test.ts",
        "threat 51: every refused platform token looks alike to its bearer",
      ],
      [
        "issuer/token_endpoint_test.ts",
        "threat 51: token endpoint answers every bad credential alike",
      ],
      [
        "issuer/trust/platform_tokens_test.ts",
        "threat 51: an outage of one issuer is told apart from a refusal, for a retry",
      ],
      [
        "threats/client_assertions_test.ts",
        "threat 51: every refused assertion looks alike, of an unknown workload too",
      ],
    ],
  },
  52: {
    title: "markup and policy of the pages",
    tests: [
      [
        "pages/pages_test.ts",
        "threat 52: no page holds a secret, a workload or another tenant's keys",
      ],
      [
        "pages/pages_test.ts",
        "threat 52: every page has a strict policy that names the hashes of its own style and script",
      ],
      ["pages/pages_test.ts", "threat 52: the trust page lets no field become markup"],
      [
        "pages/markup_test.ts",
        "threat 52: markup lets no value leave its place, in text or in an attribute",
      ],
      [
        "pages/markup_test.ts",
        "threat 52: jsonBlock gives back its value and cannot be ended by it",
      ],
    ],
  },
  53: {
    title: "secrets in a URL",
    tests: [
      ["issuer/token_endpoint_test.ts", "threat 53: token endpoint takes no secret from a URL"],
    ],
  },
  54: {
    title: "stored hash of a request token",
    tests: [
      [
        "issuer/token_endpoint_test.ts",
        "threat 54: the stored hash of a request token does not authenticate",
      ],
      [
        "threats/stolen_credentials_test.ts",
        "threat 54: a request token has 256 random bits, a prefix for scanners, and one issuer, audience and end",
      ],
    ],
  },
  55: {
    title: "environment that leaks",
    tests: [
      [
        "threats/stolen_credentials_test.ts",
        "threat 55: a request token ends by itself, overlaps with its successor, and says from where it is used",
      ],
      [
        "threats/stolen_credentials_test.ts",
        "threat 55: printing an issuer or a client shows none of the secrets that it was given",
      ],
    ],
  },
  56: {
    title: "request token sent to another issuer",
    tests: [
      [
        "client/signet_source_test.ts",
        "signet source never sends its token to another issuer, by plain http or after a redirect (threat 56)",
      ],
    ],
  },
  57: {
    title: "secrets in errors and logs",
    tests: [
      [
        "client/signet_source_test.ts",
        "signet source keeps its token out of every error (threat 57)",
      ],
      [
        "issuer/events_test.ts",
        "threat 57: no secret stands in any event, audit entry, error, or KV entry",
      ],
    ],
  },
  58: {
    title: "private keys at rest",
    tests: [
      ["keys/keyring_test.ts", "createKeyring leaves no private material in the store, threat 58"],
      ["keys/seal_test.ts", "createSealer refuses a key moved to another kid, threat 58"],
    ],
  },
  59: {
    title: "private members in the JWKS",
    tests: [
      [
        "keys/generate_key_test.ts",
        "toPublicJwk shows only public members of a private RSA JWK, threat 59",
      ],
    ],
  },
  60: {
    title: "the first administrator",
    tests: [
      [
        "threats/admin_bootstrap_test.ts",
        "threat 60: without an admin token nobody is an administrator, and no route makes one",
      ],
      [
        "threats/admin_bootstrap_test.ts",
        "threat 60: the first to come gets nothing that a later one does not, admin token or not",
      ],
      [
        "threats/admin_bootstrap_test.ts",
        "threat 60: an admin token that could be guessed is refused at start, and there is no default",
      ],
    ],
  },
  61: {
    title: "admin token against workload token",
    tests: [
      ["issuer/admin_test.ts", "threat 61: admin API takes the admin token and no workload's"],
    ],
  },
  62: {
    title: "denial of wallet",
    tests: [
      [
        "issuer/overload_test.ts",
        "threat 62: a credential gets its rate, then 429 with Retry-After, before KV and signature",
      ],
      [
        "issuer/overload_test.ts",
        "threat 62: a flood of guesses costs its source KV reads up to the limit and nobody else",
      ],
    ],
  },
  63: {
    title: "downgrade of the keyset",
    tests: [
      ["keys/keyring_test.ts", "createKeyring refuses an older epoch than it has seen, threat 63"],
      [
        "keys/keyring_test.ts",
        "createKeyring refuses another history of the same epoch, threat 63",
      ],
    ],
  },
  64: {
    title: "restored backup",
    tests: [
      ["issuer/config_test.ts", "threat 64: an empty KV of an initialized issuer stops it"],
      [
        "keys/keyring_test.ts",
        "createKeyring refuses a backup from before a marked epoch, threat 64",
      ],
      [
        "threats/backup_test.ts",
        "threat 64: a compromised key does not come back with a backup, on a running isolate or a new one",
      ],
      [
        "issuer/config_test.ts",
        "threat 64: a backup from before a configured epoch stops the issuer",
      ],
    ],
  },
  65: {
    title: "what the client loads",
    tests: [
      [
        "client/module_graph_test.ts",
        "importing . loads only the client: no dependency, no node:, nothing of another room (threat 65)",
      ],
    ],
  },
  66: {
    title: "verifier without options",
    tests: [
      [
        "verify/create_verifier_test.ts",
        "threat 66: createVerifier throws when an option is missing or out of bounds",
      ],
    ],
  },
  67: {
    title: "removed key still trusted",
    tests: [
      [
        "verify/jwks_cache_test.ts",
        "threat 67: verifier stops trusting a removed key within ten minutes",
      ],
      [
        "verify/checked_signatures_test.ts",
        "threat 67: createVerifier forgets what a key signed that the issuer has dropped or exchanged",
      ],
    ],
  },
  68: {
    title: "cache confusion",
    tests: [
      [
        "verify/create_verifier_test.ts",
        "threat 68: a token that begins like a good one and is signed otherwise is refused after it",
      ],
      [
        "verify/checked_signatures_test.ts",
        "threat 68: createVerifier checks every signature but those it has seen whole",
      ],
    ],
  },
  69: {
    title: "stale keys without end",
    tests: [
      [
        "verify/jwks_cache_test.ts",
        "threat 69: verifier keeps the last good keys for an hour while the issuer fails",
      ],
    ],
  },
  70: {
    title: "one audience for everybody",
    tests: [
      ["client/id_token_client_test.ts", "getIdToken without an audience throws (threat 70)"],
    ],
  },
};
