namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary><see cref="TargetRenderer"/> made no Secret.</summary>
public sealed class TargetTemplateException : Exception
{
    public TargetTemplateException()
        : this("")
    {
    }

    public TargetTemplateException(string message)
        : base(message) => PublicMessage = message;

    public TargetTemplateException(string message, Exception innerException)
        : base(message, innerException) => PublicMessage = message;

    internal TargetTemplateException(TargetTemplateFault fault, string place, string problem)
        : this(place.Length == 0 ? problem : $"{place}: {problem}")
    {
        Fault = fault;
        Place = place;
    }

    public TargetTemplateFault Fault { get; private init; }

    /// <summary>The entry, as <c>template.data "url"</c> or <c>template.templateFrom[1].configMap "texts" key "url"</c>; empty when the template as a whole is refused.</summary>
    public string Place { get; private init; } = "";

    /// <summary>The template's text, for showing the place in it; null where no template is to blame.</summary>
    public string? TemplateText { get; private init; }

    /// <summary>Whether <see cref="TemplateText"/> comes out of a Secret.</summary>
    public bool IsTemplateSecret { get; private init; }

    /// <summary>The engine's failure, with line and column in <see cref="TemplateText"/>; null where the engine did not fail.</summary>
    public TemplateException? Failure => InnerException as TemplateException;

    /// <summary><see cref="Exception.Message"/> may quote values; this does not, and may stand in status, events and logs.</summary>
    public string PublicMessage { get; private init; }

    internal static TargetTemplateException Of(TargetEntry entry, TemplateException failure) =>
        new($"{entry.Place}: {failure.Message}", failure)
        {
            Fault = TargetTemplateFault.TemplateFailed,
            Place = entry.Place,
            TemplateText = entry.Text,
            IsTemplateSecret = entry.IsSecret,
            // A template out of a Secret is as secret as its values; messages quote pieces of it.
            PublicMessage = entry.IsSecret
                ? $"{entry.Place}: the template fails in line {failure.Line} (the reason is withheld, as the template is a Secret's)"
                : $"{entry.Place}: {failure.PublicMessage}",
        };

    internal static TargetTemplateException Of(TargetEntry entry, TemplateResultException failure) =>
        new($"{entry.Place}: {failure.Message}", failure)
        {
            Fault = TargetTemplateFault.ResultUnusable,
            Place = entry.Place,
            TemplateText = entry.Text,
            IsTemplateSecret = entry.IsSecret,
            PublicMessage = $"{entry.Place}: {failure.PublicMessage}",
        };
}
