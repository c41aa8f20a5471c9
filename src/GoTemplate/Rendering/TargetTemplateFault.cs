namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>Why <see cref="TargetRenderer"/> made no Secret, by what would help.</summary>
public enum TargetTemplateFault
{
    /// <summary>It asks for what no template may have (<see cref="TemplateRules.Refusal"/>). Only another template helps.</summary>
    Refused,

    /// <summary>A ConfigMap or Secret that it names is not there, or lacks a key. It may come.</summary>
    ResourceMissing,

    /// <summary>A template does not parse, failed on the values, or asked for too much. Other values or another template help.</summary>
    TemplateFailed,

    /// <summary>What a template rendered cannot be used: no YAML map, not decodable, or a key that no Secret can have.</summary>
    ResultUnusable,
}
