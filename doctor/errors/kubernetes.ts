import type { VendorErrorEntry } from "../vendor_error.ts";

/** The API server; most texts stand in its log only, a client sees 401. */
export const KUBERNETES_ERRORS: readonly VendorErrorEntry[] = [
  {
    id: "kubernetes.not_initialized",
    match: "oidc: authenticator not initialized",
    kind: "keys",
    cause: "The API server has not been able to read discovery yet; it tries every 10 s.",
    remedy:
      "Make the issuer reachable from the control plane; give its CA in certificateAuthority.",
  },
  {
    id: "kubernetes.audience",
    match: /oidc: expected audience "/,
    kind: "audience",
    cause: "aud is not among the issuer's audiences in the AuthenticationConfiguration.",
    remedy: "Mint for one of them, or add the token's aud there.",
  },
  {
    id: "kubernetes.issuer",
    match: /id token issued by a different provider, expected/,
    kind: "issuer",
    cause: "iss matches no issuer.url.",
    remedy: "Write issuer.url exactly as in the token.",
  },
  {
    id: "kubernetes.discovery_issuer",
    match: /issuer did not match the issuer returned by provider/,
    kind: "issuer",
    cause: "The discovery document calls itself otherwise than issuer.url.",
    remedy: "Write issuer.url exactly as discovery says; use discoveryURL for another address.",
  },
  {
    id: "kubernetes.expired",
    match: "oidc: token is expired",
    kind: "time",
    cause: "The token was used after exp; Kubernetes gives no leeway.",
    remedy: "Refresh earlier, synchronize the clocks.",
  },
  {
    id: "kubernetes.not_before",
    match: /before the nbf \(not before\) time/,
    kind: "time",
    cause: "The issuer's clock is ahead by more than 60 s.",
    remedy: "Synchronize the clocks.",
  },
  {
    id: "kubernetes.signature",
    match: /failed to verify (?:id token )?signature/,
    kind: "keys",
    cause: "No key of the issuer's key set verifies the token.",
    remedy: "Run the key checks; a key must be published before it signs.",
  },
  {
    id: "kubernetes.username",
    match: /oidc: parse username claims "[^"]*": claim not present/,
    kind: "claims",
    cause: "claimMappings.username names a claim that the token lacks.",
    remedy: "Map the user name from sub.",
  },
  {
    id: "kubernetes.rule",
    match: /validation expression '.*' failed/,
    kind: "subject",
    cause: "A claimValidationRule or userValidationRule is false for this token.",
    remedy: "Compare the rule with the token's claims.",
  },
  {
    id: "kubernetes.algorithm",
    match: /id token signed with unsupported algorithm|unexpected signature algorithm/,
    kind: "algorithm",
    cause: "The flags allow RS256 only unless --oidc-signing-algs names more.",
    remedy: "Sign with RS256, or use --authentication-config.",
  },
  {
    id: "kubernetes.rbac",
    match: /(?:User|user) "[^"]*" cannot /,
    kind: "permission",
    cause: "The token was accepted, the user has no right to do this.",
    remedy: "Create a RoleBinding for exactly the user name in the message.",
  },
  {
    id: "kubernetes.unauthorized",
    match: /\bUnauthorized\b|\b401\b|must be logged in to the server/,
    kind: "setup",
    cause: "No authenticator took the token; the reason stands in the API server's log only.",
    remedy:
      "Look for lines with `oidc:` in the log of kube-apiserver; check that --authentication-config names this issuer and audience.",
  },
  {
    id: "kubernetes.transient",
    match: /connection refused|TooManyRequests|ServiceUnavailable|etcdserver: request timed out/,
    kind: "transient",
    cause: "The API server is busy or not up.",
    remedy: "Try again with back-off.",
  },
];
