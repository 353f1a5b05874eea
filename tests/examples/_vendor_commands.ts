/** The commands of vendors' programs that the documents type by hand, as the vendors' references have them. */

/** One command of a program. */
export interface Command {
  /** How it begins. */
  readonly words: readonly string[];
  /** The options that the documents may use; `*` for the scripts of `signet setup`, which tests/setup holds. */
  readonly options: readonly string[];
  /** Those that it does not work without. */
  readonly required?: readonly string[];
}

const command = (words: string, options = "", required = ""): Command => {
  const list = (text: string) => text.split(" ").filter((word) => word !== "");
  return { words: list(words), options: list(`${options} ${required}`), required: list(required) };
};

/** Per program; a call that is not here is a mistake in a document. */
export const VENDOR_COMMANDS: Readonly<Record<string, readonly Command[]>> = {
  aws: [
    command("iam list-access-keys", "", "--user-name"),
    command("iam get-access-key-last-used", "", "--access-key-id"),
    command("iam list-attached-user-policies", "", "--user-name"),
    command("iam list-user-policies", "", "--user-name"),
    command("iam update-access-key", "", "--user-name --access-key-id --status"),
    command("iam delete-access-key", "", "--user-name --access-key-id"),
    command("iam", "*"),
    command("sts get-caller-identity", "*"),
  ],
  gcloud: [
    command("iam service-accounts keys list", "--managed-by", "--iam-account"),
    command("iam service-accounts keys disable", "", "--iam-account"),
    command("projects", "*"),
    command("services enable", "*"),
    command("iam service-accounts", "*"),
    command("iam workload-identity-pools", "*"),
  ],
  az: [
    command("ad app credential list", "", "--id"),
    command("ad app credential delete", "", "--id --key-id"),
    command("storage account update", "--allow-shared-key-access", "--name --resource-group"),
    command("account show", "*"),
    command("ad", "*"),
    command("role assignment", "*"),
  ],
  vault: [
    command("list auth/approle/role/web/secret-id"),
    command("read", "-field"),
    command("write"),
    command("auth enable", "-path"),
    command("policy write"),
  ],
  kubectl: [
    command("get secrets", "--all-namespaces --field-selector"),
    command("apply", "-f"),
  ],
  python3: [command("app.py")],
  deployctl: [
    command(
      "deploy",
      "--prod --org --project --entrypoint --include --env-file",
    ),
  ],
  deno: [
    command("task"),
    command("install", "-gArf --global --allow-all --name"),
    command(
      "deploy create",
      "--source --do-not-use-detected-build-config --install-command --runtime-mode " +
        "--build-timeout --build-memory-limit --region --dry-run --owner --repo",
      "--org --app --entrypoint",
    ),
    command("deploy database provision", "--kind", "--org"),
    command("deploy database assign", "", "--org --app"),
    command("deploy env load", "", "--org --app"),
    command("deploy env add", "", "--org --app"),
    command("deploy env list", "", "--org --app"),
    command("deploy env update-contexts", "", "--org --app"),
    command("deploy logs", "", "--org --app"),
    command("deploy", "--prod", "--org --app"),
  ],
};
