/** The anywidget: a factory, called once for each model, so what it closes over belongs to that model. */

import type { AnyModel, InitializeProps, RenderProps } from "@anywidget/types";
import { Connection } from "./connection";
import { Rich } from "./rich";
import { Store } from "./store";
import { Surfaces } from "./surfaces";
import { type Session, View } from "./view";

type Cleanup = () => void;

export default () => {
  let session: Session | undefined;

  return {
    /** Makes the store, so that nothing that arrives before the first view is lost; waits for nothing (a host allows 2 s). */
    initialize({ model, signal }: InitializeProps): Cleanup {
      const life = lifetime(signal);
      session = connect(model, life.signal);
      return () => life.abort();
    },

    render({ model, el, signal }: RenderProps): Cleanup {
      const life = lifetime(signal);
      if (!session)
        throw new Error("render() before initialize(): the host does not follow the anywidget contract");
      new View(model, session).mount(el, life.signal);
      return () => life.abort();
    },
  };
};

function connect(model: AnyModel, signal: AbortSignal): Session {
  const store = new Store();
  const connection = new Connection(model, store, signal);
  return {
    ...{ store, connection },
    surfaces: new Surfaces(store, connection, signal),
    rich: new Rich(store, connection, signal),
  };
}

/** Ends with the host's signal, which older hosts do not give, or when the cleanup is called. */
function lifetime(signal: AbortSignal | undefined): AbortController {
  const life = new AbortController();
  signal?.addEventListener("abort", () => life.abort(), { once: true });
  return life;
}
