// SPDX-License-Identifier: Apache-2.0
// Requests to the server that answers the page. A failure is an error with a text for people.

const timeout = 30_000;

export class Failure extends Error {
  constructor(message, {status = 0, again = true} = {}) {
    super(message);
    this.status = status;
    this.again = again; // whether the same request can succeed later
  }
}

// request returns the response to a relative address, which the server confirms even if the browser has it. signal ends it early, with an AbortError.
export async function request(address, {signal, token} = {}) {
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  let response;
  try {
    response = await fetch(address, {headers, cache: 'no-cache', signal: AbortSignal.any([signal ?? new AbortController().signal, AbortSignal.timeout(timeout)])});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure(error.name === 'TimeoutError' ? 'The server did not answer within 30 seconds.' : 'The server cannot be reached.');
  }
  if (response.ok) return response;
  let reason = '';
  try {
    reason = (await response.json()).description;
  } catch { /* the status says enough */ }
  const again = response.status === 429 || response.status >= 500;
  throw new Failure(reason ? `The server answers: ${reason}.` : `The server answers with status ${response.status}.`, {status: response.status, again});
}

// texts has the texts of answers: numbers of 64 bits lose digits in JavaScript.
const texts = new WeakMap();

// textOf returns the text of an answer of json, as the server sent it.
export const textOf = (answer) => texts.get(answer);

// json returns the answer to a relative address. valid tells whether the answer has the form that the page needs.
export async function json(address, valid, options = {}) {
  const response = await request(address, options);
  let [text, answer] = ['', null];
  try {
    text = await response.text();
    answer = JSON.parse(text);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failure('The answer of the server is not JSON.');
  }
  let fits = false;
  try {
    fits = valid(answer);
  } catch { /* it does not */ }
  if (!fits) throw new Failure('The answer of the server does not have the form that this page needs.');
  if (answer instanceof Object) texts.set(answer, text);
  return answer;
}

// recovering calls attempt until it succeeds, with growing pauses while a failure may pass. tell(failure, seconds) is
// called with each failure, tell(null) after success. run() starts at once, and ends what runs.
export function recovering(attempt, tell) {
  let [timer, controller, failures] = [0, null, 0];
  const run = async () => {
    clearTimeout(timer);
    controller?.abort();
    controller = new AbortController();
    const mine = controller;
    try {
      await attempt(mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      tell(null);
    } catch (error) {
      if (mine.signal.aborted) return;
      const failure = error instanceof Failure ? error : new Failure(`The page failed: ${error.message}.`, {again: false});
      const seconds = failure.again ? Math.min(2 ** failures++, 30) : 0;
      tell(failure, seconds);
      if (failure.again) timer = setTimeout(run, seconds * 1000);
    }
  };
  return run;
}
