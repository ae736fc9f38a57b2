// Rows that failed, by the code of their error.

function errorsSection({ errors }) {
  if (errors.length === 0) {
    return null;
  }
  return {
    title: "Errors",
    content: [
      table("Errors by code", [
        { title: "Code", kind: "header", cell: (error) => code(error.code) },
        { title: "Rows", kind: "number", cell: (error) => formatCount(error.rows) },
        {
          title: "Examples", kind: "text",
          cell: (error) => error.examples.map((example) => rowElement(example)),
        },
      ], errors, { captionShown: false }),
    ],
  };
}
