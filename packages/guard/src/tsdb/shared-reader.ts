import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Labels } from '../core/index.ts';
import type { Queryable } from '../promql/storage.ts';
import type { News, Receipt } from './news.ts';
import { createQuerier } from './querier.ts';
import { decodeStates } from './state-rows.ts';
import { View } from './view.ts';

/** A store of another thread, read in this one. */
export interface SharedReader extends Queryable {
  /** The version of the store that queriers see now. */
  version(): number;
  /** Disconnects; queriers that are open stay readable until closed. */
  close(): void;
}

/**
 * Reads the store that the other end of `port` was given to with `Store.connectReader`. Resolves once the store's
 * content has arrived.
 *
 * A querier sees every commit that `Store.flushReaders()` was called after, when the call came before the message
 * that caused the querier to be opened: the news is then waiting at `port`, and is read first.
 */
export async function connectSharedReader(port: MessagePort): Promise<SharedReader> {
  const view = new View();

  let toldHeld = -1;

  /** A message wakes the store's thread: it is sent when it says something new, not after every query. */
  function sendReceipt(): void {
    const receipt: Receipt = { oldestHeld: view.oldestHeld() };
    if (receipt.oldestHeld === toldHeld) return;
    toldHeld = receipt.oldestHeld;
    port.postMessage(receipt);
  }

  function drain(): void {
    let received = receiveMessageOnPort(port);
    if (!received) return;
    for (; received; received = receiveMessageOnPort(port)) applyNews(view, received.message as News);
    sendReceipt();
  }

  await new Promise<void>((resolve, reject) => {
    port.once('close', () => reject(new Error('the store was closed before its content arrived')));
    port.on('message', (news: News) => {
      applyNews(view, news);
      sendReceipt();
      resolve();
    });
  });
  return {
    version: () => view.version,
    querier(from, to) {
      drain();
      return createQuerier(view, from, to, sendReceipt);
    },
    close: () => port.close(),
  };
}

function applyNews(view: View, { version, slabs, series, states, removed }: News): void {
  for (const [slab, buffer] of slabs) view.slabs.set(slab, buffer);
  view.advance(version);
  for (const [id, labels] of series) view.addSeries(id, Labels.fromSorted(labels));
  for (const [id, state] of decodeStates(states)) view.setState(id, state);
  view.removeSeries(removed);
}
