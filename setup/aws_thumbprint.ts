/** The certificates that a TLS server sent, and whether a public CA stands behind them. */
export interface TlsChain {
  /** DER of each certificate as sent, the server's own first. */
  readonly certificates: readonly Uint8Array[];
  /** True when a public CA signed the chain and it is valid for the host now. */
  readonly trusted: boolean;
  /** Why it is not trusted. */
  readonly reason?: string;
  /** False when the reader could not see all certificates that were sent. Default true. */
  readonly complete?: boolean;
}

/** Connects to a host and reads its certificates, trusted or not. */
export type TlsChainReader = (host: string, port: number) => Promise<TlsChain>;

/** What to enter as the thumbprint of an IAM OIDC provider. */
export interface AwsThumbprint {
  /** True when AWS needs it: the certificate is not signed by a public CA. */
  readonly needed: boolean;
  /** SHA-1 of the last certificate of the chain, 40 lower-case hex digits; only when needed and readable. */
  readonly thumbprint?: string;
  /** What was found and what to do, for people. */
  readonly explanation: string;
}

/**
 * Compute the thumbprint of the host that serves the key set, where AWS still needs one. AWS
 * checks a chain against public CAs first and looks at the thumbprint only when none signed it
 * (IAM user guide, "Obtain the thumbprint for an OpenID Connect identity provider").
 */
export async function awsThumbprint(
  jwksUri: string,
  options: { readonly readTlsChain: TlsChainReader },
): Promise<AwsThumbprint> {
  const url = URL.canParse(jwksUri) ? new URL(jwksUri) : undefined;
  if (url?.protocol !== "https:") {
    throw new TypeError("Cannot compute a thumbprint: the jwks_uri is not an https URL");
  }
  const chain = await options.readTlsChain(url.hostname, Number(url.port || "443"));
  if (chain.trusted) {
    return {
      needed: false,
      explanation:
        `No thumbprint is needed: a public CA signed the certificate of ${url.hostname}, and AWS checks that itself.`,
    };
  }
  const top = chain.certificates.at(-1);
  const why = `No public CA signed the certificate of ${url.hostname}${
    chain.reason ? ` (${chain.reason})` : ""
  }, so AWS compares a thumbprint`;
  if (!top || chain.complete === false) {
    return { needed: true, explanation: `${why}. ${byHand(url)}` };
  }
  return {
    needed: true,
    thumbprint: await sha1Hex(top),
    explanation:
      `${why}: SHA-1 of the last of the ${chain.certificates.length} certificates that ` +
      "the host sends. Enter a new one before that certificate changes.",
  };
}

function byHand(url: URL): string {
  const place = `${url.hostname}:${url.port || "443"}`;
  return `The chain could not be read here; take the last certificate of: openssl s_client -showcerts ` +
    `-servername ${url.hostname} -connect ${place} </dev/null, and its openssl x509 -fingerprint -sha1 -noout, without colons`;
}

async function sha1Hex(der: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new Uint8Array(der));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
