import type { LaneName } from "../envelope";
import { A2uiLane } from "./a2ui";
import { CitationsLane } from "./citations";
import { ErrorsLane } from "./errors";
import type { LaneClass } from "./lane";
import { ReasoningLane } from "./reasoning";
import { StatusLane } from "./status";
import { TextLane } from "./text";
import { ToolsLane } from "./tools";

/** Who draws which lane. A lane without a row is kept and not shown. */
export const LANES: Partial<Record<LaneName, LaneClass>> = {
  thinking: ReasoningLane,
  reasoning: ReasoningLane,
  text: TextLane,
  tools: ToolsLane,
  a2ui: A2uiLane,
  citations: CitationsLane,
  errors: ErrorsLane,
  status: StatusLane,
};
