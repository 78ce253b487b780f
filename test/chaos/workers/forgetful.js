// The Worker, which now and then ends between answering and storing its answer: the first call that would store an answer behind
// the response is not made, and then every fifth.

import worker from './worker.js';

export * from './worker.js';

const EVERY = 5;
/** After this time (ms) without a response, the response waits for its answer to be stored. Such a call is always made. */
const STORED_FIRST_MS = 200;
let storedBehind = 0;

/** The gates, whose call `finish` is lost if it is the turn of one that runs behind the response. */
function forgetfulGates(namespace, answered) {
  const isLost = async () => {
    const isBehind = await Promise.race([answered.then(() => true), scheduler.wait(STORED_FIRST_MS).then(() => false)]);
    if (isBehind) storedBehind += 1;
    return isBehind && storedBehind % EVERY === 1;
  };
  const forgetful = (gate) =>
    new Proxy(gate, {
      get:
        (target, name) =>
        async (...input) => {
          if (name === 'finish' && (await isLost()))
            throw new Error('The Worker has ended before it stored the answer.');
          return await target[name](...input);
        },
    });
  return { getByName: (name) => forgetful(namespace.getByName(name)) };
}

export default {
  ...worker,

  async fetch(request, env, execution) {
    const { promise: answered, resolve } = Promise.withResolvers();
    const gates = forgetfulGates(env.WORKSPACE_GATE, answered);
    const response = await worker.fetch(request, { ...env, WORKSPACE_GATE: gates }, execution);
    resolve();
    return response;
  },
};
