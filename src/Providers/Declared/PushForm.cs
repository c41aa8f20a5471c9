namespace GitOpsSecrets.Providers.Declared;

/// <summary>What a store keeps of what is pushed.</summary>
internal enum PushForm
{
    /// <summary>The item, or the whole Secret as a JSON object; one value a key.</summary>
    Text,

    /// <summary>The same; but a property is put into the JSON object that is there, by its path.</summary>
    Property,

    /// <summary>A JSON object, kept between pushes: the property, by its name, or every item of the Secret where none is named.</summary>
    Members,

    /// <summary>A JSON object, replaced whole: the item, or every item, by its key; below the property where one is named. Items that are JSON stay it.</summary>
    Object,
}
