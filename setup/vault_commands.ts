import { heredoc } from "./script.ts";
import type { VaultPlanParts } from "./vault_types.ts";

/** Texts that the commands write. */
export interface VaultDocuments {
  readonly config: string;
  readonly document: string;
  readonly policy: string;
}

/** The vault (or bao) commands; they read `$mount`, `$role` and `$issuer`. */
export function vaultCommands(
  { program, policies, readPaths, role }: VaultPlanParts,
  documents: VaultDocuments,
): string {
  const writesPolicy = readPaths.length > 0;
  const policy = writesPolicy
    ? `# 3. What the role may do
${program} policy write "$role" - ${heredoc(documents.policy, "POLICY_HCL").raw}

`
    : "";
  const reminder = !writesPolicy && policies.includes(role)
    ? `printf 'Write the policy %s if it is not there yet.\\n' "$role"\n`
    : "";
  return `# 1. The auth method; one that trusts another issuer is left alone
if ! found=$(${program} auth enable -path="$mount" jwt 2>&1); then
  case "$found" in
    *'path is already in use'*) ;;
    *) stop "$found" ;;
  esac
fi
trusted=$(${program} read -field=bound_issuer "auth/$mount/config" 2>/dev/null || true)
case "$trusted" in
  '' | "$issuer") ;;
  *) stop "Cannot go on: auth/$mount trusts $trusted; plan with another mount." ;;
esac
${program} write "auth/$mount/config" - ${heredoc(documents.config, "CONFIG_JSON").raw}

# 2. The role: audience and subject
${program} write "auth/$mount/role/$role" - ${heredoc(documents.document, "ROLE_JSON").raw}

${policy}${reminder}printf 'Done: auth/%s/role/%s\\n' "$mount" "$role"`;
}
