namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>One key of a <see cref="TemplateReference"/>.</summary>
public sealed record TemplateItem
{
    public string Key { get; init; } = "";

    /// <summary><c>Values</c> (also when empty): the text renders to the value of <see cref="Key"/>. <c>KeysAndValues</c>: it renders to a YAML map.</summary>
    public string As { get; init; } = "";
}
