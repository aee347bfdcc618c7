/** What shows the objects of the kernel. The core knows its types alone. */

export const css = "";
