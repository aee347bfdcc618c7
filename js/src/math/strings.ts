/** Every text of ours about a formula that is not drawn, in one place for a translation. */
export const STRINGS = {
  tooLong: "the formula is too long",
  tooDeep: "the formula is nested too deeply",
  tooLarge: "the formula is too large",
  foreign: "the formula is made of what is not allowed",
  longMacro: "a macro is too long",
  doubled: "a macro has a parameter twice",
};
