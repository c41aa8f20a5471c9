namespace GitOpsSecrets.GoTemplate;

public enum TemplateErrorKind
{
    /// <summary>The text is no template.</summary>
    Parse,

    /// <summary>The template failed on its data.</summary>
    Exec,

    /// <summary>The template asked for more than <see cref="ExecuteLimits"/> gives.</summary>
    Limit,
}
