namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>What stands between % and the verb.</summary>
internal struct FormatFlags
{
    public bool Sharp;
    public bool Zero;
    public bool Plus;
    public bool Minus;
    public bool Space;

    /// <summary><c>%#v</c>: Go syntax.</summary>
    public bool SharpV;

    /// <summary><c>%+v</c>: field names.</summary>
    public bool PlusV;
    public int? Width;
    public int? Precision;
}
