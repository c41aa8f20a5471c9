namespace GitOpsSecrets.Sealing;

/// <summary>Renders one entry of <c>spec.template.data</c>. The seam between sealing and a template engine; safe for use from many threads.</summary>
/// <param name="name">Name of the entry, which is the template's name in error texts.</param>
/// <param name="template">Source of the template.</param>
/// <param name="items">Item name → opened bytes. Templates see no output of other templates. Not to be kept.</param>
public delegate TemplateRendering TemplateRenderer(string name, string template, IReadOnlyDictionary<string, byte[]> items);
