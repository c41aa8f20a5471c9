using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate;

/// <summary>
/// A template that does not parse or cannot be executed. The message is the one Go gives, position included.
/// It can quote the template and, from functions such as <c>fail</c>, what the template made of its data.
/// </summary>
public sealed class TemplateException : Exception
{
    public TemplateException()
        : this("")
    {
    }

    public TemplateException(string message)
        : base(message)
    {
    }

    public TemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public TemplateErrorKind Kind { get; private init; }

    /// <summary>The name the template was parsed under.</summary>
    public string TemplateName { get; private init; } = "";

    /// <summary>From 1.</summary>
    public int Line { get; private init; }

    /// <summary>
    /// Bytes from the start of the line, from 0. When parsing failed, that of the token read last, which the message leaves out, as Go's does.
    /// </summary>
    public int Column { get; private init; }

    /// <summary>The template that ran, which <c>define</c> can make another than <see cref="TemplateName"/>.</summary>
    public string? Executing { get; private init; }

    /// <summary>The piece of the template that failed, normalised.</summary>
    public string? Context { get; private init; }

    /// <summary>The message without its position.</summary>
    public string Detail { get; private init; } = "";

    /// <summary>
    /// The message for places where more people read than may read the data, such as status, events and logs. The template is taken for public; what a
    /// function or a loop said of its data is not (<c>fail .password</c>, or <c>atoi</c> of what is no number), so of that only the place is told.
    /// </summary>
    public string PublicMessage => Hidden is null ? Message : Message[..^Detail.Length] + Hidden;

    /// <summary><see cref="Detail"/> without what may come from the data; null when nothing does.</summary>
    private string? Hidden { get; init; }

    internal static TemplateException OfParsing(string name, int line, int column, string detail, TemplateErrorKind kind) =>
        new($"template: {name}:{line}: {detail}") { Kind = kind, TemplateName = name, Line = line, Column = column, Detail = detail };

    /// <param name="subject">What failed, in words that hold nothing of the data; null if <paramref name="detail"/> holds nothing of it either.</param>
    internal static TemplateException OfExecution(TemplateErrorKind kind, string name, (int Line, int Column) at, string executing, string context, string detail, string? subject = null) =>
        new($"template: {name}:{at.Line}:{at.Column}: executing {GoQuote.Quote(executing)} at <{context}>: {detail}")
        {
            Kind = kind,
            TemplateName = name,
            Line = at.Line,
            Column = at.Column,
            Executing = executing,
            Context = context,
            Detail = detail,
            Hidden = subject is null ? null : $"{subject} (the reason is withheld, as it may quote a value)",
        };
}
