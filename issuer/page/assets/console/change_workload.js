import { callApi } from "./call_api.js";

/** Sends a change; when somebody else was faster, offers what is there now. */
export async function changeWorkload({ app, reload }, call) {
  try {
    const { body } = await callApi(app, call);
    app.tellNext("Saved.", body.warnings);
    await reload();
  } catch (error) {
    if (error.problem?.status === 412) {
      app.offer("Load what is there now; what you typed here is dropped.", "Load it", reload);
    }
    throw error;
  }
}
