using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>A record whose keys must also fit together.</summary>
internal interface IChecked
{
    /// <summary>Reports what does not fit.</summary>
    void Check(Checks checks);
}

/// <summary>Where records report that their keys do not fit together.</summary>
internal sealed class Checks(ErrorList errors, IReadOnlyDictionary<string, Place> places, Place otherwise)
{
    /// <summary>
    /// Reports an error, at the nearest of the fields that was set somewhere (the first of equally near ones). Nothing is said where one of the fields
    /// is wrong by itself.
    /// </summary>
    /// <param name="fields">Dotted names of the fields that do not fit together.</param>
    public void Fail(string message, params ReadOnlySpan<string> fields)
    {
        string? nearest = null;
        foreach (var field in fields)
        {
            if (errors.Has(field)) return;
            if (places.TryGetValue(field, out var place) && (nearest is null || place.Source.Layer > places[nearest].Source.Layer)) nearest = field;
        }
        errors.Add(nearest is null ? otherwise : places[nearest], nearest ?? fields[0], message);
    }
}
