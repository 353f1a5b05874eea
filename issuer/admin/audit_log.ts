import { json } from "../respond.ts";
import type { AdminAction } from "./context.ts";
import { readPage } from "./page_query.ts";

/** `GET /admin/audit`: newest first. */
export const showAudit: AdminAction = async (context, { query }) => {
  const { events, next } = await context.audit.list(readPage(query));
  const shown = events.map((event) => ({ ...event, at: new Date(event.at).toISOString() }));
  return json({ events: shown, next });
};
