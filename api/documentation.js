"use strict";
const element = (name, text, parent, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  if (parent) parent.append(made);
  return made;
};

const resolved = (schema, all, depth = 0) => {
  if (!schema || depth > 5) return {};
  if (schema.$ref) return resolved(all[schema.$ref.split("/").pop()], all, depth + 1);
  if (schema.anyOf) return resolved(schema.anyOf[0], all, depth + 1);
  if (schema.type === "array") return [resolved(schema.items, all, depth + 1)];
  if (schema.properties) {
    const entries = Object.entries(schema.properties);
    return Object.fromEntries(entries.map(([name, part]) => [name, resolved(part, all, depth + 1)]));
  }
  return schema.example ?? schema.examples?.[0] ?? schema.type ?? "any";
};

const table = (parameters, parent) => {
  const rows = element("table", undefined, parent);
  for (const one of parameters) {
    const row = element("tr", undefined, rows);
    element("td", one.name, row);
    element("td", `${one.in}${one.required ? ", required" : ""}`, row);
    element("td", one.schema?.type ?? one.schema?.anyOf?.map((part) => part.type).join(" or ") ?? "", row);
  }
};

const bodies = (operation, all, parent) => {
  const asked = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  if (asked) {
    element("h4", "Body", parent);
    element("pre", JSON.stringify(resolved(asked, all), null, 2), parent);
  }
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    const schema = answer.content?.["application/json"]?.schema;
    element("h4", `${status} ${answer.description ?? ""}`, parent);
    if (schema) element("pre", JSON.stringify(resolved(schema, all), null, 2), parent);
  }
};

const draw = (api) => {
  const place = document.getElementById("operations");
  place.textContent = "";
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const group = operation.tags?.[0] ?? "other";
      groups.set(group, [...(groups.get(group) ?? []), [method, path, operation]]);
    }
  }
  for (const [group, operations] of groups) {
    element("h2", group, place);
    for (const [method, path, operation] of operations) {
      const box = element("details", undefined, place);
      const head = element("summary", undefined, box);
      element("span", method.toUpperCase(), head, "method");
      element("span", path, head, "path");
      element("span", operation.description ?? operation.summary, head);
      if (operation.parameters) table(operation.parameters, box);
      bodies(operation, api.components?.schemas ?? {}, box);
    }
  }
};

fetch("/openapi.json").then((answer) => answer.json()).then(draw);
