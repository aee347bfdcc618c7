/**
 * The syntax tree of a chart's expression as one that may be interpreted: it reads members by `member`, and what it makes goes
 * through `checked`.
 */

import { WORDS } from "./words";

export interface Ast {
  type: string;
  [field: string]: unknown;
}

const call = (name: string, ...args: unknown[]): Ast => ({
  type: "CallExpression",
  callee: { type: "Identifier", name },
  arguments: args,
});

type Rewrite = (ast: Ast) => Ast;

const REWRITES: Readonly<Record<string, Rewrite>> = {
  MemberExpression: ({ object, property, computed }) => {
    const { name } = property as Ast;
    return call("member", rewrite(object), computed ? rewrite(property) : { type: "Literal", value: name });
  },
  CallExpression: (ast) => {
    const { name } = ast.callee as Ast;
    if (name === "regexp" || name === "test") throw new Error(WORDS.noRegexp);
    return call("checked", { ...ast, arguments: (ast.arguments as Ast[]).map(rewrite) });
  },
  BinaryExpression: (ast) => call("checked", rewriteFields(ast)), // it may join texts
  ArrayExpression: (ast) => call("checked", rewriteFields(ast)),
  Literal: (ast) => {
    if (ast.regex) throw new Error(WORDS.noRegexp);
    return ast;
  },
  Property: (ast) => ({ ...ast, value: rewrite(ast.value) }), // its key is a name
  Identifier: (ast) => {
    if (String(ast.name) in Object.prototype) throw new Error(WORDS.noFunction(String(ast.name)));
    return ast;
  },
};

/** Throws an `Error` over what is not offered. */
export function rewrite(value: unknown): Ast {
  const ast = value as Ast;
  return (REWRITES[ast.type] ?? rewriteFields)(ast);
}

function rewriteFields(ast: Ast): Ast {
  const fields = Object.entries(ast).map(([name, field]) => [name, rewriteField(field)]);
  return Object.fromEntries(fields) as Ast;
}

function rewriteField(field: unknown): unknown {
  if (Array.isArray(field)) return field.map(rewriteField);
  return typeof field === "object" && field !== null && "type" in field ? rewrite(field) : field;
}
