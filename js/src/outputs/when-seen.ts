import { forgetSight, watchSight } from "../nodes/sight";
import { frame } from "../scheduler";

/** Call `act` once, when `element` is in the document and near the reader's sight. What is given calls that off. */
export function whenSeen(element: Element, act: () => void): () => void {
  const see = (isSeen: boolean) => {
    if (!isSeen || !element.isConnected) return;
    forgetSight(element);
    act();
  };
  if (!watchSight(element, see)) frame.write(() => see(true));
  return () => forgetSight(element);
}
