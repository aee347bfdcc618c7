import type { Components } from "../part";
import { Button } from "./button";
import { CheckBox } from "./check-box";
import { ChoicePicker } from "./choice";
import { DateTimeInput } from "./date-time";
import { Icon } from "./icon";
import { Box, Card, Divider, List } from "./layout";
import { AudioPlayer, Image, Video } from "./media";
import { Modal } from "./modal";
import { Slider } from "./slider";
import { Tabs } from "./tabs";
import { Text } from "./text";
import { TextField } from "./text-field";

/** What a component is drawn by; another one is another row. */
export const COMPONENTS: Components = {
  ...{ Text, Image, Icon, Video, AudioPlayer },
  ...{ Row: Box, Column: Box, List, Card, Tabs, Modal, Divider },
  ...{ Button, TextField, CheckBox, ChoicePicker, Slider, DateTimeInput },
  MultipleChoice: ChoicePicker,
};
