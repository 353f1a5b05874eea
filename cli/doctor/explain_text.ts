import { redact } from "../../doctor/redact.ts";
import type { VendorError } from "../../doctor/vendor_error.ts";
import { explainVendorError } from "../../doctor/vendor_errors.ts";
import type { SetupVendor } from "../../setup/types.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";

/** What `signet doctor --explain` was asked. */
export interface ExplainRequest {
  readonly text: string;
  /** The vendors that may have said it. */
  readonly vendors: readonly SetupVendor[];
  readonly json: boolean | undefined;
}

/** Says what a vendor's error text means. @throws {CliError} when no vendor is known to say it. */
export async function explainText(context: CliContext, request: ExplainRequest): Promise<void> {
  const { host, out } = context;
  const text = request.text === "-" ? await host.stdin.readAll() : request.text;
  const found = request.vendors.map((vendor) => explainVendorError(vendor, text))
    .filter((entry) => entry !== undefined);
  if (found.length === 0) throw unknown(text);
  if (request.json) return out.json(found.map(plain));
  found.forEach((entry, i) => {
    if (i > 0) out.line();
    out.fields([
      ["Said by", entry.vendor],
      ["About", entry.kind],
      ["Cause", entry.cause],
      ["Remedy", entry.remedy],
    ]);
  });
}

/** What can stand in JSON. */
function plain({ vendor, id, kind, cause, remedy }: VendorError) {
  return { vendor, id, kind, cause, remedy };
}

function unknown(text: string): CliError {
  return new CliError("failed", `Cannot explain this text: ${redact(text) || "it is empty"}`, {
    next: "Copy the vendor's whole answer, or let signet doctor VENDOR try the login itself.",
  });
}
