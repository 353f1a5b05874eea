/**
 * The exit codes of the command line, stable so that scripts can branch on them.
 *
 * | code | meaning |
 * | ---- | ------- |
 * | 0 | done; for `inspect`, the token verified |
 * | 1 | refused or failed: the issuer said no, a token did not verify |
 * | 2 | the command was written wrongly: unknown option, missing value |
 * | 3 | the issuer could not be reached, or answered 5xx |
 * | 4 | not authorized: no admin token, or a wrong one |
 * | 5 | the workload, credential or key does not exist |
 * | 6 | conflict: it exists already, or somebody changed it meanwhile |
 * | 130 | stopped by Ctrl+C |
 */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  unauthorized: 4,
  notFound: 5,
  conflict: 6,
  interrupted: 130,
} as const;

/** The name of an exit code; also the `code` of an error printed with `--json`. */
export type ExitName = keyof typeof EXIT_CODES;
