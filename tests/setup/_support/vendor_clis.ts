/** What the vendors' programs do, as far as the scripts of `signet setup` need: bash that keeps state. */
import { UUID } from "./inputs.ts";

export const AWS: string = `
missing="An error occurred (NoSuchEntity) when calling the operation: not found"
case "$all" in
  "sts get-caller-identity"*) echo 123456789012 ;;
  "iam get-open-id-connect-provider "*) has provider || fail "$missing" 254 ;;
  "iam create-open-id-connect-provider "*) if has provider; then fail EntityAlreadyExists 254; fi; put provider ;;
  "iam add-client-id-to-open-id-connect-provider "*) has provider || fail "$missing" 254 ;;
  "iam get-role "*) has role || fail "$missing" 254; echo '{"old":true}' ;;
  "iam create-role "*) if has role; then fail EntityAlreadyExists 254; fi; put role ;;
  "iam update-assume-role-policy "* | "iam update-role "* | "iam attach-role-policy "*) has role || fail "$missing" 254 ;;
  *) fail "unknown: $all" 2 ;;
esac`;

export const GCLOUD: string = `
missing="ERROR: (gcloud) NOT_FOUND: Requested entity was not found."
case "$all" in
  "projects describe "*) echo 123456789 ;;
  "services enable "* | *" add-iam-policy-binding "*) ;;
  "iam workload-identity-pools describe "*) has pool || fail "$missing"; get pool ;;
  "iam workload-identity-pools create "*) if has pool; then fail ALREADY_EXISTS; fi; put pool ACTIVE ;;
  "iam workload-identity-pools undelete "*) put pool ACTIVE ;;
  "iam workload-identity-pools providers describe "*oidc.issuerUri*) has issuer || fail "$missing"; get issuer ;;
  "iam workload-identity-pools providers describe "*) get provider ;;
  "iam workload-identity-pools providers undelete "*) put provider ACTIVE ;;
  "iam workload-identity-pools providers create-oidc "*) put provider ACTIVE; put issuer https://id.acme.test/tenant ;;
  "iam workload-identity-pools providers update-oidc "*) has provider || fail "$missing" ;;
  "iam service-accounts describe "*) has account || fail "$missing" ;;
  "iam service-accounts create "*) put account ;;
  *) fail "unknown: $all" 2 ;;
esac
for word in "$@"; do
  case "$word" in --jwk-json-path=*) cp "\${word#*=}" "$STAGE/state/jwks" ;; esac
done`;

export const AZ: string = `
case "$all" in
  "account show "*) echo ${UUID} ;;
  "ad app list "*) if has app; then get app; fi ;;
  "ad app create "*) if has app; then fail exists; fi; put app app-1; get app ;;
  "ad sp list "*) if has sp; then get sp; fi ;;
  "ad sp create "*) if has sp; then fail exists; fi; put sp sp-1; get sp ;;
  "ad app federated-credential list "* | "identity federated-credential list "*) if has fic; then get fic; fi ;;
  "ad app federated-credential create "* | "identity federated-credential create "*) if has fic; then fail exists; fi; put fic fic-1 ;;
  "ad app federated-credential update "* | "identity federated-credential update "*) has fic || fail absent ;;
  "identity list "*) if has identity; then get identity; fi ;;
  "identity create "*) put identity web-id ;;
  "identity show "*clientId*) echo client-1 ;;
  "identity show "*principalId*) echo principal-1 ;;
  "role assignment list "*) if has role; then get role; fi ;;
  "role assignment create "*) if has role; then fail exists; fi; put role role-1 ;;
  *) fail "unknown: $all" 2 ;;
esac`;

export const VAULT: string = `
case "$all" in
  "auth enable "*) if has mount; then fail "* path is already in use at jwt/" 2; fi; put mount ;;
  "read -field=bound_issuer "*) has bound || fail "No value found" 2; get bound ;;
  "write auth/jwt/config -") printf '%s' "$stdin" | grep -o '"bound_issuer": "[^"]*"' | cut -d'"' -f4 >"$STAGE/state/bound" ;;
  "write auth/"*" -" | "policy write "*" -") ;;
  *) fail "unknown: $all" 2 ;;
esac`;
