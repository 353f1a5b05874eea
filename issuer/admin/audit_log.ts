import { json } from "../respond.ts";
import { readAuditFilter } from "./audit_query.ts";
import type { AdminAction } from "./context.ts";
import { readPage } from "./page_query.ts";

/** `GET /admin/audit`: newest first. */
export const showAudit: AdminAction = async (context, { query }) => {
  const filter = readAuditFilter(query);
  const { events, next, searchedTo } = await context.audit.list({ ...readPage(query), filter });
  const shown = events.map((event) => ({ ...event, at: new Date(event.at).toISOString() }));
  const reached = searchedTo === undefined ? undefined : new Date(searchedTo).toISOString();
  return json({ events: shown, next, searchedTo: reached });
};
