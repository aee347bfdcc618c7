import { CellsView } from "./cells";
import { DrawnView } from "./drawn";
import { FrameView } from "./frame";
import { HostedView } from "./hosted";
import { JsonView } from "./json";
import { MediaView } from "./media-view";
import { NodesView } from "./nodes";
import { PictureView } from "./picture";
import { PlayerView } from "./player";
import type { BodyView, Stage } from "./stage";
import { TableView } from "./table";
import { TextView } from "./text";
import { LiveWidgetView } from "./widget";

export type BodyClass = new (stage: Stage) => BodyView;
type Row = [types: (mime: string, stage: Stage) => boolean, view: BodyClass];

const like = (pattern: RegExp) => (mime: string) => pattern.test(mime);

/** How each type is shown, best first: of an output that comes in several, the first that is here. */
const VIEWS: readonly Row[] = [
  [like(/^application\/vnd\.jupyter\.widget-view\+json$/), LiveWidgetView],
  [like(/^application\/vnd\.agui_widget\.telemetry\+json$/), DrawnView],
  [like(/^application\/vnd\.agui_widget\.flow\+json$/), DrawnView],
  [like(/^application\/vnd\.vegalite\.v\d+\+json$/), DrawnView],
  [like(/^application\/vnd\.agui_widget\.table\+json$/), TableView],
  [like(/^application\/vnd\.agui_widget\.media\+json$/), MediaView],
  [like(/^application\/vnd\.agui_widget\.grid\+json$/), CellsView],
  [like(/^image\/(?:png|jpeg|gif|webp)$/), PictureView],
  [like(/^image\/svg\+xml$/), PictureView],
  [like(/^(?:audio|video)\/[\w.+-]+$/), PlayerView],
  [like(/^application\/vnd\.agui_widget\.nodes\+json$/), NodesView],
  [HostedView.canShow, HostedView],
  [like(/^text\/html$/), FrameView],
  [like(/^application\/json$/), JsonView],
  [like(/^text\/plain$/), TextView],
];

export interface Choice {
  readonly mime: string;
  readonly view: BodyClass;
}

/** The best of `mimes`. */
export function choose(mimes: readonly string[], stage: Stage): Choice | undefined {
  for (const [isOf, view] of VIEWS) {
    const mime = mimes.find((each) => isOf(each, stage));
    if (mime !== undefined) return { mime, view };
  }
  return undefined;
}
