import type { SetupVendor } from "../setup/types.ts";
import { type Check, check, fail, ok, skip, type Verdict, warn } from "./check.ts";
import { errorText } from "./redact.ts";
import type { DoctorProbe } from "./vendor_context.ts";
import { explainVendorError } from "./vendor_errors.ts";

/** How a login ended. */
type Attempt = { readonly done: true } | { readonly done: false; readonly text: string };

const unreachable = /could not be reached|did not answer|connection refused|dns error/i;
const REACH = "See that the vendor's address is right, and that it answers this machine.";

/** Try the login that must work and the one that must fail. */
export async function loginChecks(
  vendor: SetupVendor,
  { audience, probe }: { readonly audience: string | undefined; readonly probe: DoctorProbe },
): Promise<Check[]> {
  const first = await attempt(audience, { mint: probe.mint, login: probe.login });
  const other = first?.done
    ? await attempt(audience, { mint: probe.mintOther, login: probe.login })
    : undefined;
  return [
    check({
      id: `${vendor}.login`,
      title: "Login",
      expected: "accepted",
      remedy:
        "The text is not known: compare issuer, audience and subject of the trust with the token.",
      source: "the vendor's own answer",
    }, judgeLogin(vendor, first)),
    check({
      id: `${vendor}.login_refused`,
      title: "Login with another subject",
      expected: "refused",
      remedy:
        "Add a condition on the subject to the trust: any workload of this issuer can log in now.",
      source: "the vendor's own answer",
    }, first?.done ? judgeRefusal(vendor, other) : skip("the login itself was not accepted")),
  ];
}

async function attempt(
  audience: string | undefined,
  { mint, login }: Pick<DoctorProbe, "mint" | "login">,
): Promise<Attempt | undefined> {
  if (!mint || !login || audience === undefined) return undefined;
  const token = await mint(audience).catch(() => undefined);
  if (token === undefined) return undefined;
  try {
    await login(token);
    return { done: true };
  } catch (cause) {
    return { done: false, text: errorText(cause) };
  }
}

function judgeLogin(vendor: SetupVendor, attempt: Attempt | undefined): Verdict {
  if (!attempt) return skip("no token to log in with, or nothing that says where");
  if (attempt.done) return ok("accepted");
  const known = explainVendorError(vendor, attempt.text);
  if (!known) {
    return unreachable.test(attempt.text) ? fail(attempt.text, REACH) : fail(attempt.text);
  }
  const verdict = known.kind === "transient" ? warn : fail;
  return verdict(`${attempt.text}: ${known.cause}`, known.remedy);
}

/** Only a refusal that the vendor is known to give counts; a broken network proves nothing. */
function judgeRefusal(vendor: SetupVendor, attempt: Attempt | undefined): Verdict {
  if (!attempt) return skip("no token of another subject to try it with");
  if (attempt.done) return fail("accepted");
  const known = explainVendorError(vendor, attempt.text);
  return known && known.kind !== "transient" ? ok(`refused: ${attempt.text}`) : warn(
    `not accepted, but for an unknown reason: ${attempt.text}`,
    "Try again, and look whether the subject was the reason.",
  );
}
