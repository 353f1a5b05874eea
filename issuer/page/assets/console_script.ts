import * as auditView from "./console/audit_view.js";
import * as callApi from "./console/call_api.js";
import * as changeWorkload from "./console/change_workload.js";
import * as confirmAction from "./console/confirm_action.js";
import * as credentialsSection from "./console/credentials_section.js";
import * as curl from "./console/curl.js";
import * as explainView from "./console/explain_view.js";
import * as keysView from "./console/keys_view.js";
import * as matcherText from "./console/matcher_text.js";
import * as mergePatchOf from "./console/merge_patch_of.js";
import * as parts from "./console/parts.js";
import * as signIn from "./console/sign_in.js";
import * as startConsole from "./console/start_console.js";
import * as trustSection from "./console/trust_section.js";
import * as tryDraft from "./console/try_draft.js";
import * as workloadForm from "./console/workload_form.js";
import * as workloadView from "./console/workload_view.js";
import * as workloadsView from "./console/workloads_view.js";
import * as copy from "./copy.js";
import * as element from "./element.js";
import { scriptOf } from "./script_of.ts";

/** The script of the admin console. */
export function consoleScript(): string {
  const modules = [
    element,
    copy,
    auditView,
    callApi,
    changeWorkload,
    confirmAction,
    credentialsSection,
    curl,
    explainView,
    keysView,
    matcherText,
    mergePatchOf,
    parts,
    signIn,
    startConsole,
    trustSection,
    tryDraft,
    workloadForm,
    workloadView,
    workloadsView,
  ];
  return scriptOf(modules, "startConsole");
}
