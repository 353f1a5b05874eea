/** What a page may do besides showing itself. */
export interface PagePolicy {
  /** Base64 SHA-256 of its style sheet. */
  readonly style: string;
  /** Base64 SHA-256 of its script, which its tag repeats as `integrity`; none by default. */
  readonly script?: string;
  /** Whether a form may be sent to the issuer. Default false. */
  readonly forms?: boolean;
}

/** Value of `Content-Security-Policy`: own style and script by hash, own origin, nothing inline, no HTML from scripts. */
export function pagePolicy({ style, script, forms = false }: PagePolicy): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${style}'`,
    ...(script === undefined ? [] : [`script-src 'sha256-${script}'`, "connect-src 'self'"]),
    "img-src 'self'",
    `form-action ${forms ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
